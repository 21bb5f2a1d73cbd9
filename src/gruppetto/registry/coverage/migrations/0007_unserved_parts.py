"""The parts that nobody serves are kept, and shown to who leads (decisions 19)."""

import django.db.models.deletion
from django.db import migrations, models

import gruppetto.kernel.identifiers.keys
from gruppetto.kernel.access import walls


class Migration(migrations.Migration):
    dependencies = [("coverage", "0006_shelves"), ("geography", "0002_walls")]

    operations = [
        migrations.CreateModel(
            name="UnservedPart",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=gruppetto.kernel.identifiers.keys.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("postcode", models.CharField(max_length=5)),
                (
                    "why",
                    models.CharField(
                        choices=[("no_zone", "dans aucune zone"), ("no_team", "zone sans équipe")],
                        max_length=7,
                    ),
                ),
                ("since", models.DateField()),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="geography.commune",
                    ),
                ),
            ],
            options={"verbose_name": "part que personne ne sert"},
        ),
        migrations.AddConstraint(
            model_name="unservedpart",
            constraint=models.UniqueConstraint(
                fields=("commune", "postcode"),
                name="a_part_is_unserved_once",
                violation_error_message="Cette part est déjà notée comme non servie.",
            ),
        ),
        walls.grant("coverage_unservedpart", web="SELECT", worker="SELECT, INSERT, UPDATE, DELETE"),
    ]
