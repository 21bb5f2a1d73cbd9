"""Anybody who acts may add a fact; only the worker relays (its row locks need UPDATE)."""

from django.db import migrations

from gruppetto.kernel.access import walls


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial"), ("access", "0002_walls")]

    operations = [
        walls.grant("outbox_fact", web="INSERT", worker="SELECT, INSERT, UPDATE, DELETE"),
        walls.actor_required("outbox_fact"),
    ]
