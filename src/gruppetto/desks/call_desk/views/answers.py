"""What the pages answer with: another page to see (303), or the call screen with what must be corrected."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from gruppetto.desks.call_desk.board import board
from gruppetto.desks.call_desk.forms import (
    CallBackForm,
    ConcludeForm,
    FindForm,
    NewPersonForm,
    NoForm,
    PassOnForm,
    ProtectedForm,
    ReasonsForm,
    SpeakerForm,
)
from gruppetto.desks.call_desk.screen import Screen, screen
from gruppetto.desks.call_desk.scripts import delay_said
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.clock import now
from gruppetto.service.catalogue.content import Kind
from gruppetto.service.catalogue.guides import Guide
from gruppetto.service.catalogue.reads import (
    guides_in_force,
    help_lines_in_force,
    reasons_in_force,
    search_kinds,
)
from gruppetto.service.contacts.reads import colleagues

CORRECT = 422


class SeeOther(HttpResponseRedirect):
    """303: what was asked is done, look at this page."""

    status_code = 303


def see(name: str, *args: object) -> SeeOther:
    """Look at the page of that name."""
    return SeeOther(reverse(name, args=args))


def home() -> SeeOther:
    """Look at the desk."""
    return see("call_desk:home")


def to_contact(contact_id: UUID, part: str = "") -> SeeOther:
    """Look at the screen of a contact, at the part where one was."""
    address = reverse("call_desk:contact", args=[contact_id])
    return SeeOther(f"{address}#{part}" if part else address)


def show_contact(
    request: HttpRequest, contact_id: UUID, status: int = 200, **replaced: object
) -> HttpResponse:
    """The call screen; ``replaced``: the forms to correct, or what a search found, in place of fresh ones."""
    shown = screen(contact_id)
    context = {
        **around(shown),
        **_forms(shown),
        "kinds": kinds_found(shown.contact.level, ""),
        **replaced,
    }
    return render(request, "call_desk/contact.html", context, status=status)


def around(shown: Screen) -> dict[str, Any]:
    """What stands around the middle of every call screen: line, person, identity, distress (6 queries more)."""
    others = colleagues()
    guides, lines = guides_in_force(now()), list(help_lines_in_force(now()))
    return {
        "screen": shown,
        "board": board(shown.contact.pk),
        "pass_on": pass_on_form(others=others),
        "guides": [_guide(guide, lines, others, shown) for guide in guides],
        "help_lines": lines,
        "word": "",
        "word_refused": "",
    }


def _guide(guide: Guide, lines: list[Any], others: list[Account], shown: Screen) -> dict[str, Any]:
    part = f"signaler-{guide.code}"
    return {
        "guide": guide,
        "form": ProtectedForm(guide=guide, colleagues=_named(others), initial=shown.drafts.get(part)),
        "lines": [one for one in lines if one.code in guide.help_lines],
        "part": part,
        "keys": f"shift+{guide.key.lower()}",
        "open": False,
    }


def with_guide(guides: list[dict[str, Any]], form: ProtectedForm, code: str) -> list[dict[str, Any]]:
    """The guides with the form of one of them to correct."""
    return [{**one, "form": form, "open": True} if one["guide"].code == code else one for one in guides]


def speaker_form(shown: Screen, data: Any = None) -> SpeakerForm:
    """Who speaks, as chosen so far."""
    contact = shown.contact
    return SpeakerForm(
        data,
        near=shown.person.near if shown.person else (),
        initial={"who": str(contact.caller_id) if contact.caller_id else SpeakerForm.SELF},
    )


def reasons_form(shown: Screen, data: Any = None) -> ReasonsForm:
    """The reasons, as noted so far, with what each would repeat."""
    noted = shown.page.reasons
    return ReasonsForm(
        data,
        known=reasons_in_force(shown.contact.happened_at),
        noted=[(row.reason, row.sub_reason) for row in noted],
        repeats=shown.repeats,
        initial={"other": next((row.other for row in noted if row.other), "")}
        | shown.drafts.get("motifs", {}),
    )


def _ticked(draft: dict[str, Any]) -> dict[str, Any]:
    """A draft of the reasons, the boxes always as a list: one alone is kept as a text."""
    boxes = draft.get("reasons")
    return {**draft, "reasons": [boxes]} if isinstance(boxes, str) else draft


def pass_on_form(data: Any = None, others: list[Account] | None = None) -> PassOnForm:
    """To whom the call may go."""
    return PassOnForm(data, colleagues=_named(colleagues() if others is None else others))


def _named(accounts: list[Account]) -> list[tuple[UUID, str]]:
    return [(account.pk, account.name) for account in accounts]


def _forms(shown: Screen) -> dict[str, Any]:
    kept = shown.drafts
    return {
        "find": FindForm(),
        "found": None,
        "newcomer": NewPersonForm(initial=kept.get("personne")),
        "speaker": speaker_form(shown),
        "reasons": reasons_form(shown),
        "no": NoForm(),
        "no_to": None,
        "conclude": ConcludeForm(initial=kept.get("", {"summary": shown.contact.summary})),
        "call_back": CallBackForm(),
        "call_back_open": False,
    }


def kinds_found(level: int, typed: str) -> list[dict[str, Any]]:
    """The kinds that the words typed lead to, as shown; all of them for an empty text (1 query)."""
    return [_kind(kind, level) for kind in search_kinds(typed, now())]


def _kind(kind: Kind, level: int) -> dict[str, Any]:
    return {"kind": kind, "delay": delay_said(kind), "low": level < kind.identity_level}
