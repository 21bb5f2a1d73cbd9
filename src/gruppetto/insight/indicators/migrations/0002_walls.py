"""Figures name nobody: supervisors read them, jobs alone write them; anybody at a desk sees when it is busy."""

from django.db import migrations

from gruppetto.kernel.access import walls

FUNCTIONS = """
CREATE SCHEMA IF NOT EXISTS indicators;
GRANT USAGE, CREATE ON SCHEMA indicators TO gruppetto_enforcer;
GRANT USAGE ON SCHEMA indicators TO gruppetto_web, gruppetto_worker;

-- Who is with somebody now, told to those who answer: not with whom, nor since when.
CREATE FUNCTION indicators.in_contact() RETURNS SETOF uuid LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT taken_by_id FROM contacts_contact
    WHERE state IN ('taken', 'wrapping') AND (SELECT contacts.answers())
$$;

-- The rows behind the figures of answers, newest first; and the count of a period.
CREATE INDEX answers_of_portfolio ON interventions_intervention (portfolio_id, first_answered_at DESC, id)
    WHERE first_answered_at IS NOT NULL;
CREATE INDEX tries_of_portfolio ON contacts_callback (portfolio_id, last_attempt_at DESC, id)
    WHERE last_attempt_at IS NOT NULL;
"""
TABLES = ("indicators_figure", "indicators_callslot", "indicators_busyslot")


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0001_initial"),
        ("interventions", "0002_walls"),
        ("contacts", "0002_walls"),
        ("staff", "0004_rota_walls"),
    ]

    operations = [
        walls.sql(FUNCTIONS),
        walls.definer("indicators.in_contact()", walls.WEB),
        *(
            operation
            for table in TABLES
            for operation in (
                walls.grant(table, web="SELECT", worker="SELECT, INSERT, DELETE"),
                walls.actor_required(table),
            )
        ),
        walls.row_security(
            "indicators_figure", person=None, portfolio=None, also="(SELECT access.role()) = 'supervisor'"
        ),
    ]
