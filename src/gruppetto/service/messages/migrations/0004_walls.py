"""Deliveries and codes are seen by who may see the person; prices, budgets and texts by everybody signed in."""

from django.db import migrations

from gruppetto.kernel.access import walls

PERSONS = ("delivery", "deadend", "code")


class Migration(migrations.Migration):
    dependencies = [("service_messages", "0003_outgoing"), ("journal", "0002_walls")]

    operations = [
        *(
            operation
            for table in PERSONS
            for operation in (
                walls.grant(
                    f"service_messages_{table}",
                    web="SELECT, INSERT, UPDATE" if table == "code" else "SELECT, UPDATE",
                    worker="SELECT, INSERT, UPDATE",
                ),
                walls.actor_required(f"service_messages_{table}"),
                walls.subject(f"service_messages_{table}"),
                walls.row_security(f"service_messages_{table}"),
            )
        ),
        # Written by the gateways, taken up by the worker: pages have nothing to read there.
        walls.grant("service_messages_report", web="INSERT", worker="SELECT, INSERT, UPDATE"),
        walls.actor_required("service_messages_report"),
        walls.grant("service_messages_letterbatch", web="SELECT", worker="SELECT, INSERT, UPDATE"),
        walls.actor_required("service_messages_letterbatch"),
        walls.grant("service_messages_spending", web="SELECT", worker="SELECT, INSERT, UPDATE"),
        walls.sql("GRANT USAGE ON SEQUENCE service_messages_spending_id_seq TO gruppetto_worker;"),
        *(
            operation
            for table in ("price", "budget", "textversion")
            for operation in (
                walls.grant(f"service_messages_{table}", web="SELECT, INSERT", worker="SELECT"),
                walls.actor_required(f"service_messages_{table}"),
                walls.append_only(f"service_messages_{table}"),
                walls.kept_by(f"service_messages_{table}", "back_office"),
            )
        ),
        walls.sql(
            "GRANT USAGE ON SEQUENCE service_messages_price_id_seq, service_messages_budget_id_seq"
            " TO gruppetto_web;"
        ),
        walls.grant("service_messages_textrequest", web="SELECT, INSERT, UPDATE", worker="SELECT"),
        walls.actor_required("service_messages_textrequest"),
    ]
