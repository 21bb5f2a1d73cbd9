"""Raw SQL as the web role, on every table with row security: one's own session, another's, none, a forged one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from gruppetto import launcher
from gruppetto.kernel.access import matrix
from tests.consistency.telling import nothing
from tests.consistency.walled import NOBODYS, OURS, PARENT, THEIRS, UNPLACED, Stage, Viewer
from tests.support import database

FORGED = "forged-" * 6
# Open to all of a role, whatever the portfolio.
WHOLE = {
    "indicators_figure": {"lead"},
    "journal_entry": {"auditor"},
    "journal_change": {"auditor"},
    "people_startingline": {"back_office"},
    "people_startinglist": {"back_office"},
}
ANSWERING = {"ours", "theirs", "lead", "agent", "late", "early"}
# Rows with a further way in: label → (columns, who sees it). ``{me}`` is our correspondent.
FURTHER: dict[str, dict[str, tuple[dict[str, object], set[str]]]] = {
    # Seen by who leads with the reason it explains, and this one explains none.
    "causes_finding": {"in our portfolio, of no reason one sees": ({"portfolio_id": OURS}, set())},
    "contacts_contact": {
        "taken by us": ({"taken_by_id": "{me}"}, {"ours"}),
        "taken by us, concluded long ago": ({"taken_by_id": "{me}", "concluded_at": "2020-01-01"}, set()),
    },
    "contacts_linecall": {"rings": ({}, ANSWERING), "rang": ({"taken_by_id": "{me}"}, ANSWERING)},
    "contacts_callback": {
        "owed to nobody known": ({"portfolio_id": UNPLACED}, ANSWERING),
        "dialled by us": ({"held_by_id": "{me}"}, {"ours"}),
    },
    "preferences_preference": {"chosen by us": ({"account_id": "{me}"}, {"ours"})},
    "contacts_draft": {"typed by us": ({"account_id": "{me}"}, {"ours"})},
    "contacts_protectedrecord": {
        "in our portfolio": ({"portfolio_id": OURS}, {"lead"}),
        "about who leads": ({"portfolio_id": OURS, "about_account": "{lead}"}, set()),
        "written by us": ({"portfolio_id": NOBODYS, "written_by": "{me}"}, set()),
    },
    "complaints_complaint": {
        "to be answered by who leads": ({"portfolio_id": OURS, "concerned": "{{}}"}, {"lead"}),
        "about who leads": ({"portfolio_id": OURS, "concerned": "{{{lead}}}"}, set()),
        "written by us": ({"written_by": "{me}", "concerned": "{{}}"}, set()),
        "in our hands": ({"handler_id": "{me}", "concerned": "{{}}"}, {"ours"}),
        "in our hands, about us": ({"handler_id": "{me}", "concerned": "{{{me}}}"}, set()),
    },
    "visits_visit": {
        "made by us": ({"account_id": "{me}", "alerted": "{{}}"}, {"ours"}),
        "in our portfolio, without alarm": ({"portfolio_id": OURS, "alerted": "{{}}"}, set()),
        "raised, sent to who leads": ({"portfolio_id": THEIRS, "alerted": "{{{lead}}}"}, {"lead"}),
    },
    "worklists_bulkact": {"done by us": ({"account_id": "{me}"}, {"ours"})},
    "worklists_savedview": {"kept by us": ({"owner_id": "{me}"}, {"ours"})},
    "coverage_placement": {"decided by us": ({"decided_by": "{me}"}, {"ours"})},
    "files_file": {"of nobody, brought by us": ({"created_by": "account:{me}"}, {"ours"})},
    "people_merge": {"made by us": ({"merged_by": "{me}"}, {"ours"})},
    "people_suspect": {"like somebody of ours": ({"other_portfolio_id": OURS}, {"ours", "lead"})},
    "journal_entry": {"done by us": ({"account_id": "{me}"}, {"ours"})},
}
# What belongs to a contact is seen with it by who has it in hand: label of the contact → who.
WITH_A_CONTACT = ("contacts_callback", "contacts_contactreason")
CONTACTS = {"taken by us": {"ours"}, "taken by us, concluded long ago": set[str]()}
# Where everybody may add a row: a refusal, an unknown caller's call are written outside any portfolio.
OPEN_TO_ADD = {"journal_entry", "journal_body"}
OPENLY_WRONG = ("none", "forged", "closed", "asleep", "over", "stopped")


@pytest.fixture(scope="module")
def stage(server: launcher.Server, django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    with (
        django_db_blocker.unblock(),
        database.copy(server, "walls") as name,
        psycopg.connect(server.superuser_url(name), autocommit=True) as admin,
        psycopg.connect(server.web_url(name)) as web,
    ):
        secured = {table.name: table for table in matrix.tables() if table.row_security}
        made = Stage(admin, web, secured)
        made.strip()
        people(made)
        for table in secured:
            fill(made, table)
        # What hangs on a row comes after the rows it hangs on.
        for table, parent, column in hanging(made):
            for side in ("ours", "theirs"):
                key = next(key for key, label in made.rows[parent].items() if label == f"{side} portfolio")
                made.put(table, f"{side} hanging", **{column: key, "portfolio_id": NOBODYS})
        for table in WITH_A_CONTACT:
            for contact in CONTACTS:
                key = next(key for key, label in made.rows["contacts_contact"].items() if label == contact)
                made.put(table, f"of a contact {contact}", contact_id=key, portfolio_id=NOBODYS)
        yield made


def people(stage: Stage) -> None:
    ours: dict[str, Any] = {"portfolios": (OURS,), "person": stage.persons["ours"]}
    stage.welcome(Viewer("ours", "correspondent", **ours))
    stage.welcome(Viewer("theirs", "correspondent", portfolios=(THEIRS,), person=stage.persons["theirs"]))
    stage.welcome(Viewer("lead", "supervisor", portfolios=(OURS, THEIRS)))
    for role in ("agent", "auditor", "back_office", "administrator"):
        stage.welcome(Viewer(role, role))
    for state in ("late", "early", "closed", "asleep", "over", "stopped"):
        stage.welcome(Viewer(state, "correspondent", **ours), state=state)
    stage.viewers["none"] = Viewer("none", "", key="")
    stage.viewers["forged"] = Viewer("forged", "", key=FORGED)


def fill(stage: Stage, table: str) -> None:
    person = stage.person_column(table)
    for side, portfolio in (("ours", OURS), ("theirs", THEIRS)):
        stage.put(table, f"{side} portfolio", portfolio_id=portfolio)
        stage.put(table, f"{side} person", **{person: stage.persons[side], "portfolio_id": NOBODYS})
    stage.put(table, "nobody", portfolio_id=NOBODYS)
    for label, (columns, _seen_by) in FURTHER.get(table, {}).items():
        names = {"me": stage.viewers["ours"].account, "lead": stage.viewers["lead"].account}
        filled = {k: v.format(**names) if isinstance(v, str) else v for k, v in columns.items()}
        stage.put(table, label, **{"portfolio_id": NOBODYS, **filled})


def hanging(stage: Stage) -> list[tuple[str, str, str]]:
    """(table, parent, column) of each policy that follows a parent; entries of the journal before their bodies."""
    found = []
    for table in stage.tables.values():
        for way in table.ways["SELECT"].also:
            if match := PARENT.match(way):
                found.append((table.name, match[1], way.rsplit(".", 1)[1].rstrip(")")))
    return found


def expected(stage: Stage, table: str, viewer: str) -> set[str]:
    """What the matrix says this viewer sees in this table."""
    ways = stage.tables[table].ways["SELECT"]
    if viewer in OPENLY_WRONG:
        return set()
    if viewer in WHOLE.get(table, ()):
        return set(stage.rows[table].values())
    sides = {"ours": ["ours"], "theirs": ["theirs"], "lead": ["ours", "theirs"]}.get(viewer, [])
    seen = {f"{side} portfolio" for side in sides if ways.portfolios}
    if ways.persons and viewer != "lead":
        seen |= {f"{side} person" for side in sides}
    parents = [parent for child, parent, _ in hanging(stage) if child == table]
    if any(stage.tables[parent].ways["SELECT"].portfolios for parent in parents):
        seen |= {f"{side} hanging" for side in sides}
    if any(viewer in WHOLE.get(parent, ()) for parent in parents):
        seen |= {"ours hanging", "theirs hanging"}
    if table in WITH_A_CONTACT:
        seen |= {f"of a contact {contact}" for contact, by in CONTACTS.items() if viewer in by}
    if table == "contacts_protectedrecord" and viewer == "lead":
        seen |= {"ours portfolio", "theirs portfolio"}
    if table == "contacts_linecall" and viewer in ANSWERING:
        return set(stage.rows[table].values())
    return seen | {label for label, (_, by) in FURTHER.get(table, {}).items() if viewer in by}


def test_every_table_shows_each_viewer_exactly_what_the_matrix_says(stage: Stage) -> None:
    wrong = []
    for table in stage.tables:
        for name, viewer in stage.viewers.items():
            seen, due = stage.seen(viewer.key, table), expected(stage, table, name)
            wrong += [f"{table}: {name} sees « {label} »" for label in seen - due]
            wrong += [f"{table}: {name} does not see « {label} »" for label in due - seen]
    nothing(wrong, "correct the policy (0002_walls of the room), or say here who sees these rows and why:")


def test_every_further_way_in_is_tried_here(stage: Stage) -> None:
    untried = [
        f"{table.name}: {way}"
        for table in stage.tables.values()
        for way in table.ways["SELECT"].also
        if not PARENT.match(way) and table.name not in {*FURTHER, *WHOLE, *WITH_A_CONTACT}
    ]
    nothing(
        untried,
        "a policy has a condition of its own: add its row and viewers to FURTHER, or its role to WHOLE:",
    )


@pytest.mark.parametrize("command", ["UPDATE", "DELETE"])
def test_nobody_changes_nor_removes_a_row_they_do_not_see(stage: Stage, command: str) -> None:
    reached = []
    for table in stage.tables:
        key = sql.Identifier(stage.key_of(table))
        column = sql.Identifier(
            "portfolio_id" if "portfolio_id" in dict(stage.columns(table)) else stage.key_of(table)
        )
        order = sql.SQL(
            "DELETE FROM {t} WHERE {k}::text = %s"
            if command == "DELETE"
            else "UPDATE {t} SET {c} = {c} WHERE {k}::text = %s"
        ).format(t=sql.Identifier(table), k=key, c=column)
        for viewer in ("theirs", "agent", "auditor", "administrator", "forged"):
            hidden = set(stage.rows[table].values()) - expected(stage, table, viewer)
            for row, label in stage.rows[table].items():
                if label in hidden and changed(stage, viewer, order, [row]):
                    reached.append(f"{command} {table} ({label}) by {viewer}")
    nothing(reached, "rows changed by somebody who does not see them:")


def test_nobody_adds_a_row_to_what_they_do_not_see(stage: Stage) -> None:
    added = []
    for table in stage.tables:
        if table in OPEN_TO_ADD:
            continue
        names = dict(stage.columns(table))
        person = stage.person_column(table)
        values: dict[str, Any] = {
            stage.key_of(table): None,
            person: stage.persons["ours"],
            "portfolio_id": OURS,
        }
        given = {name: value for name, value in values.items() if name in names}
        if names[stage.key_of(table)] == "uuid" and given[stage.key_of(table)] is None:
            given[stage.key_of(table)] = stage.persons["ours"]
        order = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, given)),
            sql.SQL(", ").join(sql.Placeholder() * len(given)),
        )
        for viewer in ("theirs", "agent", "administrator", "late", "asleep", "forged", "none"):
            if changed(stage, viewer, order, list(given.values())):
                added.append(f"{table} by {viewer}")
    nothing(added, "rows added where their author sees nothing; WITH CHECK of the policy is too wide:")


def test_nobody_throws_a_row_over_the_wall(stage: Stage) -> None:
    """A row of one's own portfolio is not given to one that one does not see."""
    thrown = []
    for table, known in stage.tables.items():
        if not known.ways["SELECT"].portfolios or "portfolio_id" not in dict(stage.columns(table)):
            continue
        row = next(key for key, label in stage.rows[table].items() if label == "ours portfolio")
        order = sql.SQL("UPDATE {} SET portfolio_id = %s WHERE {}::text = %s").format(
            sql.Identifier(table), sql.Identifier(stage.key_of(table))
        )
        if changed(stage, "ours", order, [THEIRS, row]):
            thrown.append(table)
    nothing(thrown, "rows that leave one's portfolios; WITH CHECK of the policy is too wide:")


def changed(stage: Stage, viewer: str, order: sql.Composed, values: list[Any]) -> int:
    """How many rows an order reaches; none when PostgreSQL refuses it."""
    with stage.asking(stage.viewers[viewer].key) as web:
        try:
            return web.execute(order, values).rowcount
        except psycopg.errors.InsufficientPrivilege:
            return 0
