"""Organisations are edited on screen by a known actor, with their history kept, and never deleted."""

from django.db import migrations

from gruppetto.kernel.access import walls

TABLE = "organisations_organisation"
WATCHED = (
    "kind",
    "name",
    "siren",
    "siret",
    "parent_id",
    "commune_id",
    "phone",
    "website",
    "active_from",
    "active_until",
    "checked_by_id",
    "checked_on",
)


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial"), ("journal", "0002_walls")]

    operations = [
        walls.grant(TABLE, web="SELECT, INSERT, UPDATE", worker="SELECT", enforcer="SELECT"),
        walls.actor_required(TABLE),
        walls.history(TABLE, *WATCHED),
    ]
