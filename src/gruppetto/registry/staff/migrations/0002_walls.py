"""Staff records: read by everybody at a desk (who is who), kept by the back office and supervisors."""

from django.db import migrations

from gruppetto.kernel.access import walls

TABLES = ("staff_staff", "staff_workingtime", "staff_absence")


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial"), ("journal", "0002_walls")]

    operations = [
        operation
        for table in TABLES
        for operation in (
            walls.grant(table, web="SELECT, INSERT, UPDATE, DELETE", worker="SELECT", enforcer="SELECT"),
            walls.actor_required(table),
        )
    ] + [
        # Which account a correspondent is, and so what it sees, follows from these.
        walls.kept_by("staff_staff", "supervisor", "back_office", "administrator"),
        walls.kept_by("staff_workingtime", "supervisor", "back_office", "administrator"),
        walls.history("staff_staff", "phone", "starts", "ends", "takes_calls", "languages"),
        walls.history("access_account", "email", "name", "role", "is_active", "temporary_until"),
    ]
