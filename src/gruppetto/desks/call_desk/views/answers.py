"""What the pages answer with: another page to see (303), or the call screen with what must be corrected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
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
from gruppetto.desks.shared.responses import SeeOther, see
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.clock import now
from gruppetto.service.catalogue.content import Kind
from gruppetto.service.catalogue.guides import Guide
from gruppetto.service.catalogue.models import HelpLine
from gruppetto.service.catalogue.reads import (
    guides_in_force,
    help_lines_in_force,
    search_kinds,
)
from gruppetto.service.commitments.models import Commitment
from gruppetto.service.commitments.reads import commitments
from gruppetto.service.contacts.reads import colleagues

CORRECT = 422


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
    others, lines = colleagues(), list(help_lines_in_force(now()))
    return {
        "screen": shown,
        "board": board(shown.contact.pk),
        "pass_on": pass_on_form(others=others),
        "panels": guide_panels(shown, others, lines),
        "help_lines": lines,
        "word": "",
        "word_refused": "",
    }


@dataclass(frozen=True)
class GuidePanel:
    """A guide of the distress panel: its text, its numbers, its record as far as it is written.

    Written by the template itself: the panel is on every call screen, and forms of 45 boxes would cost more than all
    the rest. ``form``: what must be corrected, if anything.
    """

    guide: Guide
    lines: list[HelpLine]
    colleagues: list[Account]
    typed: dict[str, Any]
    form: ProtectedForm | None = None

    @property
    def part(self) -> str:
        """Under which name its draft is kept."""
        return f"signaler-{self.guide.code}"

    @property
    def keys(self) -> str:
        """The keys that open it."""
        return f"shift+{self.guide.key.lower()}"

    @property
    def words(self) -> str:
        """What was heard, as far as it is typed."""
        return str(self.typed.get("words") or "")

    @property
    def about(self) -> str:
        """The account it is about, when one was chosen."""
        return str(self.typed.get("about_account") or "")

    @property
    def steps(self) -> list[tuple[str, bool]]:
        """What to do, in order, and whether it is ticked."""
        ticked = self.typed.get("done", ())
        return [(step, step == ticked or step in ticked) for step in self.guide.steps]


def guide_panels(shown: Screen, others: list[Account], lines: list[HelpLine]) -> list[GuidePanel]:
    """The guides in the order of the panel (1 query)."""
    return [
        GuidePanel(
            guide,
            [one for one in lines if one.code in guide.help_lines],
            others if guide.hidden_from_staff_concerned else [],
            shown.drafts.get(f"signaler-{guide.code}", {}),
        )
        for guide in guides_in_force(now())
    ]


def to_correct(panels: list[GuidePanel], form: ProtectedForm, code: str) -> list[GuidePanel]:
    """The same panels, with what must be corrected in one of them, as it was typed."""
    data = cast(QueryDict, form.data)
    typed = {
        "done": data.getlist("done"),
        "words": data.get("words"),
        "about_account": data.get("about_account"),
    }
    return [replace(one, form=form, typed=typed) if one.guide.code == code else one for one in panels]


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
        known=shown.page.known,
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
    """The kinds that the words typed lead to, as shown; all of them for an empty text (2 queries)."""
    at = now()
    promised = commitments(at)
    return [_kind(kind, level, promised) for kind in search_kinds(typed, at)]


def _kind(kind: Kind, level: int, promised: list[Commitment]) -> dict[str, Any]:
    return {"kind": kind, "delay": delay_said(kind, promised), "low": level < kind.identity_level}
