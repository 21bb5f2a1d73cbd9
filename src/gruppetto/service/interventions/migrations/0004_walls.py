"""Ties between interventions are seen with them; since when a state lasts is written whoever writes the state."""

from django.db import migrations

from gruppetto.kernel.access import walls

WITH_IT = "EXISTS (SELECT 1 FROM interventions_intervention i WHERE i.id = {})"
ONE, OTHER, KEPT = WITH_IT.format("intervention_id"), WITH_IT.format("other_id"), WITH_IT.format("kept_id")

# table: (privileges of the pages, the intervention that it is seen with).
TIES = {
    "interventions_link": ("SELECT, INSERT, UPDATE, DELETE", f"{ONE} OR {OTHER}"),
    "interventions_merge": ("SELECT, INSERT, UPDATE", KEPT),
    "interventions_handover": ("SELECT, INSERT, UPDATE", ONE),
    "interventions_notice": ("SELECT, INSERT, UPDATE", ONE),
    "interventions_follow": ("SELECT, INSERT, UPDATE, DELETE", ONE),
}

SINCE = """
CREATE FUNCTION interventions_since() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.state_since := coalesce(NEW.state_since, NEW.opened_at);
    ELSIF NEW.state <> OLD.state AND NEW.state_since = OLD.state_since THEN
        NEW.state_since := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER since BEFORE INSERT OR UPDATE OF state ON interventions_intervention
    FOR EACH ROW EXECUTE FUNCTION interventions_since();
"""


class Migration(migrations.Migration):
    dependencies = [("interventions", "0003_working_together")]

    operations = [
        walls.sql(SINCE),
        # More is kept of each change: what was asked and what one should know first, and what was put aside.
        walls.sql("DROP TRIGGER history ON interventions_intervention;"),
        walls.history(
            "interventions_intervention",
            "state",
            "worker_id",
            "due_at",
            "outcome",
            "urgent",
            "kind",
            "answers",
            "title",
            "details",
            "snoozed_until",
            "merged_into_id",
        ),
        *(
            operation
            for table, (pages, seen_with) in TIES.items()
            for operation in (
                walls.grant(table, web=pages, worker="SELECT, INSERT, UPDATE, DELETE"),
                walls.actor_required(table),
                walls.row_security(table, person=None, also=seen_with),
            )
        ),
        walls.history("interventions_handover", "state"),
    ]
