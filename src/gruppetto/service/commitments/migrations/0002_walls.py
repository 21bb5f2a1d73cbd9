"""What we promise is read by all, public page included; written by those who keep it; the past is not rewritten."""

from django.db import migrations

from gruppetto.kernel.access import walls

DATED = {
    "commitments_commitment": ("valid_until",),
    "commitments_place": ("valid_until",),
    "commitments_specialday": ("withdrawn_at", "withdrawn_by_id"),
}


def keep(table: str, columns: tuple[str, ...]) -> migrations.RunSQL:
    """Refuse DELETE, TRUNCATE and any change but of ``columns``: what was in force can always be shown again."""
    arguments = ", ".join(f"'{column}'" for column in columns)
    return walls.sql(
        f"""
        CREATE TRIGGER what_was_published_stays BEFORE UPDATE OR DELETE ON "{table}"
            FOR EACH ROW EXECUTE FUNCTION catalogue.keep({arguments});
        CREATE TRIGGER never_emptied BEFORE TRUNCATE ON "{table}"
            FOR EACH STATEMENT EXECUTE FUNCTION access.refuse('what_was_published_stays');
        """
    )


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0001_initial"),
        ("calendars", "0003_who_and_why"),
        ("catalogue", "0002_walls"),
        ("contacts", "0002_walls"),
        ("journal", "0002_walls"),
    ]

    operations = [
        *(
            operation
            for table, columns in DATED.items()
            for operation in (
                walls.grant(table, web="SELECT, INSERT, UPDATE", worker="SELECT", enforcer="SELECT"),
                walls.actor_required(table),
                walls.kept_by(table, "back_office", "supervisor"),
                keep(table, columns),
                walls.history(table, *columns),
            )
        ),
        walls.kept_by("calendars_openinghours", "back_office", "supervisor"),
        walls.grant("commitments_recomputation", web="SELECT, INSERT", worker="SELECT, UPDATE"),
        walls.actor_required("commitments_recomputation"),
        walls.kept_by("commitments_recomputation", "back_office", "supervisor"),
        walls.grant("commitments_measure", web="SELECT", worker="SELECT, INSERT"),
        walls.actor_required("commitments_measure"),
        walls.append_only("commitments_measure"),
    ]
