"""Opening hours: read by everybody, added by the back office, never rewritten."""

from django.db import migrations

from gruppetto.kernel.access import walls


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_initial"), ("access", "0002_walls")]

    operations = [
        walls.grant("calendars_openinghours", web="SELECT, INSERT", worker="SELECT"),
        walls.sql("GRANT USAGE ON SEQUENCE calendars_openinghours_id_seq TO gruppetto_web;"),
        walls.actor_required("calendars_openinghours"),
        walls.append_only("calendars_openinghours"),
    ]
