"""The rota is read by everybody at a desk, and kept by those who lead or keep the lists; the worker plans it ahead."""

from django.db import migrations

from gruppetto.kernel.access import walls

KEEPERS = ("supervisor", "back_office", "administrator")


class Migration(migrations.Migration):
    dependencies = [("staff", "0003_rota"), ("staff", "0002_walls")]

    operations = [
        walls.grant(
            "staff_shift",
            web="SELECT, INSERT, UPDATE, DELETE",
            worker="SELECT, INSERT, DELETE",
            enforcer="SELECT",
        ),
        walls.grant("staff_changedday", web="SELECT, INSERT, UPDATE, DELETE", worker="SELECT"),
        walls.actor_required("staff_shift"),
        walls.actor_required("staff_changedday"),
        walls.kept_by("staff_shift", *KEEPERS),
        walls.kept_by("staff_changedday", *KEEPERS),
        walls.sql("DROP TRIGGER history ON staff_staff;"),
        walls.history("staff_staff", "phone", "starts", "ends", "takes_calls", "languages", "skills"),
    ]
