"""A row stays on its shelf (decisions 6)."""

from django.db import migrations

from gruppetto.kernel.access import walls


class Migration(migrations.Migration):
    dependencies = [("interventions", "0004_walls"), ("access", "0002_walls")]

    operations = [
        walls.shelf(
            "interventions_intervention",
            "interventions_move",
            "interventions_note",
            "interventions_paper",
            "interventions_attachment",
            "interventions_timespent",
            "interventions_attempt",
            "interventions_link",
            "interventions_merge",
            "interventions_handover",
            "interventions_notice",
            "interventions_follow",
        ),
    ]
