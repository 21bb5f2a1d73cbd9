"""What the page of an intervention shows of working together: versions that differ, ties, an offer, colleagues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gruppetto.desks.correspondent import forms_together as forms
from gruppetto.desks.shared.looks import INTERVENTION, Look
from gruppetto.kernel.actors import current_actor
from gruppetto.kernel.live.presence import Present
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.interventions.reads import InterventionPage
from gruppetto.service.interventions.tied import Tied, link_words
from gruppetto.service.interventions.verbs.correcting import Conflict

Drafts = Mapping[str, dict[str, Any]]


@dataclass(frozen=True)
class TiedLine:
    """Another intervention in words, with the way to it; ``undo`` the form that unties it."""

    words: str
    reference: str
    title: str
    look: Look
    href: str
    undo: Form | None = None


@dataclass(frozen=True)
class Version:
    """A field that two people changed: what it was, and what each made of it, the differences marked."""

    name: str
    label: str
    read: str
    theirs: SafeString
    mine: SafeString
    theirs_plain: str


def marked(before: str, after: str) -> SafeString:
    """``after`` with the words that are not of ``before`` marked."""
    old, new = before.split(" "), after.split(" ")
    parts = []
    for what, _i, _j, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        words = " ".join(new[start:end])
        if words:
            parts.append((words, what != "equal"))
    return format_html_join(
        " ",
        "{}",
        ((format_html("<mark>{}</mark>", words) if changed else words,) for words, changed in parts),
    )


def versions(conflict: Conflict | None) -> list[Version]:
    """Both versions of each field in conflict."""
    return [
        Version(
            one.name,
            one.label,
            one.read,
            marked(one.read, one.theirs),
            marked(one.read, one.mine),
            one.theirs,
        )
        for one in (conflict.fields if conflict else ())
    ]


def tied_line(tied: Tied, words: str, *, undo: bool = False) -> TiedLine:
    """A tie in words."""
    return TiedLine(
        words=words,
        reference=tied.reference,
        title=tied.title,
        look=INTERVENTION[tied.state],
        href=reverse("correspondent:intervention", args=[tied.id]),
        undo=forms.UnlinkForm(initial={"link": tied.key}, auto_id=f"link-{tied.key}-%s") if undo else None,
    )


def together(
    page: InterventionPage,
    typed: Mapping[str, Form],
    drafts: Drafts,
    people: Iterable[tuple[str, str]],
    conflict: Conflict | None = None,
) -> dict[str, Any]:
    """The part of the page's context that is about working together (no query)."""
    intervention, ties, me = page.intervention, page.ties, current_actor().account_id
    others = [one for one in people if one[0] not in (str(me), str(intervention.worker_id))]
    offered_to_me = ties.offer is not None and ties.offer.to_id == me
    offer = {"offer": ties.offer.id} if ties.offer else {}
    return {
        "beside": page.beside,
        "versions": versions(conflict),
        "correct_form": _correct_form(intervention, typed, drafts, conflict),
        "snooze_form": typed.get("mettre-de-cote") or forms.SnoozeForm(),
        "hand_on_form": typed.get("relais")
        or forms.HandOnForm(people=others, initial=drafts.get("relais", {})),
        "may_hand_on": "hand_on" in page.beside and not ties.offer and bool(others),
        "offer": ties.offer,
        "offered_to_me": offered_to_me,
        "offer_form": forms.OfferForm(initial=offer),
        "decline_form": typed.get("refuser") or forms.DeclineForm(initial=offer),
        "called": [name for key, name in people if key != str(me)],
        "ties": [
            *(tied_line(one, link_words(one)) for one in ties.links),
            *(tied_line(one, _("réunie à celle-ci")) for one in ties.absorbed),
        ],
        "into": tied_line(ties.into, "") if ties.into else None,
        "followed": ties.followed,
        "own": intervention.worker_id == me,
    }


def _correct_form(
    intervention: Intervention, typed: Mapping[str, Form], drafts: Drafts, conflict: Conflict | None
) -> Form:
    sent = typed.get("corriger")
    if sent is None:
        return forms.CorrectForm.showing(intervention, drafts.get("corriger", {}))
    if conflict is not None:
        # Decided again on what is there now: what was typed stays, what was read is the colleague's version.
        now_read = {f"read_{name}": getattr(intervention, name) for name in ("title", "details")}
        sent.data = {**{name: sent.data[name] for name in sent.data}, **now_read}
    return sent


def said_of(present: list[Present]) -> str:
    """Who else is there, in one or two sentences; nothing when nobody is."""
    typing = [one.name for one in present if one.typing]
    reading = [one.name for one in present if not one.typing]
    said = []
    if typing:
        said.append(
            ngettext("%(names)s écrit en ce moment.", "%(names)s écrivent en ce moment.", len(typing))
            % {"names": _listed(typing)}
        )
    if reading:
        said.append(
            ngettext(
                "%(names)s a aussi cette demande ouverte.",
                "%(names)s ont aussi cette demande ouverte.",
                len(reading),
            )
            % {"names": _listed(reading)}
        )
    return " ".join(said)


def _listed(names: list[str]) -> str:
    return (
        names[0]
        if len(names) == 1
        else _("%(some)s et %(last)s")
        % {
            "some": ", ".join(names[:-1]),
            "last": names[-1],
        }
    )
