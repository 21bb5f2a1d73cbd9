"""What each role may do: the one table that pages, API and tests read. ``docs/access.md`` is made from it."""

from __future__ import annotations

from gruppetto.kernel.access.rules import declare_role
from gruppetto.registry.staff.models import Role

# Taking calls and visits, identifying, recording requests: agents, and correspondents when they take calls.
CALLS = {
    "take_calls",
    "identify_persons",
    "record_requests",
    "open_distress",
    "see_own_rota",
    "find",
    "read_knowledge",
    # Whoever is at work may be called when a colleague is in danger on a visit.
    "answer_alarms",
}

ROLE_ABILITIES: dict[str, set[str]] = {
    Role.AGENT: CALLS,
    # Works the interventions of own portfolios and dated substitutions.
    Role.CORRESPONDENT: CALLS | {"work_interventions", "see_persons", "edit_persons", "join_calls"},
    # Leads teams: sees their portfolios, assigns, replaces, hands over, supervises live.
    Role.SUPERVISOR: CALLS
    | {
        "work_interventions",
        "see_persons",
        "edit_persons",
        "join_calls",
        "supervise",
        "assign_interventions",
        "lead_team",
        "place_persons",
        "merge_persons",
        "see_protected_records",
        "answer_complaints",
        # The second pair of eyes on what the back office writes.
        "review_content",
        "keep_commitments",
        "see_territories",
    },
    # Keeps the lists: people's starting lists, catalogue, territories, staff records. Sees no one's story.
    Role.BACK_OFFICE: {
        "find",
        "import_people",
        "keep_catalogue",
        "keep_commitments",
        "keep_staff",
        "keep_territories",
        "see_territories",
        "read_knowledge",
        "review_content",
    },
    # Reads the journal; writes nothing; is audited by others.
    # And answers the complaints that concern every supervisor.
    Role.AUDITOR: {"audit", "answer_complaints"},
    # Accounts, settings, health of the platform; sees no person.
    Role.ADMINISTRATOR: {"administer"},
}


def declare_roles() -> None:
    """Tell the kernel; called once when the room opens."""
    for role, abilities in ROLE_ABILITIES.items():
        declare_role(role, abilities)
