"""A preference is its account's alone."""

from django.db import migrations

from gruppetto.kernel.access import walls


class Migration(migrations.Migration):
    dependencies = [("preferences", "0001_initial"), ("access", "0002_walls")]

    operations = [
        walls.grant("preferences_preference", web="SELECT, INSERT, UPDATE"),
        walls.actor_required("preferences_preference"),
        walls.row_security(
            "preferences_preference", person=None, portfolio=None, also="account_id = (SELECT access.me())"
        ),
    ]
