"""Messages to a person are seen by who may see the person."""

from django.db import migrations

from gruppetto.kernel.access import walls


class Migration(migrations.Migration):
    dependencies = [("service_messages", "0001_initial"), ("journal", "0002_walls")]

    operations = [
        walls.grant(
            "service_messages_message", web="SELECT, INSERT, UPDATE", worker="SELECT, INSERT, UPDATE"
        ),
        walls.actor_required("service_messages_message"),
        walls.subject("service_messages_message"),
        walls.row_security("service_messages_message"),
    ]
