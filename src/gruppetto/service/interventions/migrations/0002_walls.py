"""Interventions and what hangs on them are seen by who may see the person; their life is never rewritten."""

from django.db import migrations

from gruppetto.kernel.access import walls

CHANGING = ("interventions_paper", "interventions_attachment")
LASTING = ("interventions_move", "interventions_note", "interventions_timespent", "interventions_attempt")
# These have no person column of their own: they are seen with their intervention.
WITH_IT = "EXISTS (SELECT 1 FROM interventions_intervention i WHERE i.id = intervention_id)"


class Migration(migrations.Migration):
    dependencies = [("interventions", "0001_initial"), ("contacts", "0002_walls")]

    operations = [
        walls.grant(
            "interventions_intervention",
            web="SELECT, INSERT, UPDATE",
            worker="SELECT, INSERT, UPDATE",
            enforcer="SELECT",
        ),
        walls.actor_required("interventions_intervention"),
        walls.subject("interventions_intervention"),
        walls.row_security("interventions_intervention"),
        walls.history(
            "interventions_intervention",
            "state",
            "worker_id",
            "due_at",
            "outcome",
            "urgent",
            "kind",
            "answers",
        ),
        *(
            operation
            for table in CHANGING
            for operation in (
                walls.grant(table, web="SELECT, INSERT, UPDATE", worker="SELECT, INSERT, UPDATE"),
                walls.actor_required(table),
                walls.row_security(table, person=None, also=WITH_IT),
            )
        ),
        *(
            operation
            for table in LASTING
            for operation in (
                walls.grant(table, web="SELECT, INSERT", worker="SELECT, INSERT"),
                walls.actor_required(table),
                walls.row_security(table, person=None, also=WITH_IT),
                walls.append_only_but_moved(table),
            )
        ),
        walls.history("interventions_paper", "state", "file_id"),
    ]
