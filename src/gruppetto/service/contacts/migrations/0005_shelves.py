"""A row stays on its shelf (decisions 6)."""

from django.db import migrations

from gruppetto.kernel.access import walls


class Migration(migrations.Migration):
    dependencies = [("contacts", "0004_seen_and_settled"), ("access", "0002_walls")]

    operations = [
        walls.shelf(
            "contacts_contact",
            "contacts_contactreason",
            "contacts_callback",
            "contacts_protectedrecord",
        ),
    ]
