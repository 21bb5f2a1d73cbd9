"""A row stays on its shelf (decisions 6)."""

from django.db import migrations

from gruppetto.kernel.access import walls


class Migration(migrations.Migration):
    dependencies = [("service_messages", "0004_walls"), ("access", "0002_walls")]

    operations = [
        walls.shelf(
            "service_messages_code",
            "service_messages_message",
            "service_messages_delivery",
            "service_messages_deadend",
        ),
    ]
