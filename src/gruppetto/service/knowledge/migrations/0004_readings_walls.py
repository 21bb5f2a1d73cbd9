"""Readings are counted by all who read."""

from django.db import migrations

from gruppetto.kernel.access import walls


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0003_readings")]

    operations = [
        walls.grant("knowledge_reading", web="SELECT, INSERT, UPDATE", worker="SELECT"),
        walls.actor_required("knowledge_reading"),
    ]
