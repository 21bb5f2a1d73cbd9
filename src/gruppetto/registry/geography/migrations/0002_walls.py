"""The map is read by everybody and written by the owner alone (seed, official positions)."""

from django.db import migrations

from gruppetto.kernel.access import walls

TABLES = ("region", "department", "commune", "communepostcode")


class Migration(migrations.Migration):
    dependencies = [("geography", "0001_initial")]

    operations = [
        walls.grant(f"geography_{table}", web="SELECT", worker="SELECT", enforcer="SELECT")
        for table in TABLES
    ]
