"""A row stays on its shelf; what no foreign key refuses is counted each night (decisions 6)."""

from django.db import migrations, models

from gruppetto.kernel.access import walls


class Migration(migrations.Migration):
    dependencies = [("people", "0006_homes_of_place"), ("access", "0002_walls")]

    operations = [
        migrations.CreateModel(
            name="ShelfCheck",
            fields=[
                ("table", models.CharField(max_length=63, primary_key=True, serialize=False)),
                ("astray", models.BigIntegerField()),
                ("checked_at", models.DateTimeField()),
            ],
            options={"verbose_name": "contrôle du rangement"},
        ),
        walls.grant("people_shelfcheck", web="SELECT", worker="SELECT, INSERT, UPDATE, DELETE"),
        walls.shelf(
            "people_person",
            "people_phone",
            "people_address",
            "people_suspect",
            "people_merge",
            "people_consent",
            "people_need",
            "people_relative",
            "people_identitycheck",
        ),
    ]
