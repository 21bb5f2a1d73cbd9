"""One intervention as its page shows it: what to do now, the story, the papers, the person beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.forms import BoundField, Form
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.correspondent import forms
from gruppetto.desks.correspondent.together import together
from gruppetto.desks.correspondent.work import looks_of
from gruppetto.desks.shared.looks import PAPER, Look
from gruppetto.desks.shared.sendings import standing
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.files.models import File
from gruppetto.kernel.files.models import State as FileState
from gruppetto.kernel.identifiers import dates, phones
from gruppetto.registry.coverage.models import Holding, TeamMember
from gruppetto.registry.coverage.reads import today
from gruppetto.registry.people.models import Address, Need, Person, Phone
from gruppetto.registry.people.reads import age
from gruppetto.service.contacts.reads import kept_drafts
from gruppetto.service.interventions.completeness import missing
from gruppetto.service.interventions.events import STEPS
from gruppetto.service.interventions.models import Attempt, Intervention, Note, Paper
from gruppetto.service.interventions.reads import InterventionPage, Line, page_of
from gruppetto.service.interventions.states import AFTER_ANSWER, BEFORE_ANSWER, WAITING
from gruppetto.service.interventions.verbs.answering import REOPEN_WITHIN
from gruppetto.service.interventions.verbs.correcting import Conflict
from gruppetto.service.notices.delays import announced

FILES: Mapping[str, Look] = {
    FileState.QUARANTINED: Look(gettext_lazy("En cours de vérification"), "warning", "hourglass-split"),
    FileState.CLEAN: Look(gettext_lazy("Vérifié"), "good", "shield-check"),
    FileState.INFECTED: Look(gettext_lazy("Dangereux : virus trouvé"), "danger", "x-octagon"),
    FileState.REFUSED: Look(gettext_lazy("Illisible : à redemander"), "danger", "file-earmark-plus"),
}
# The parts of the page whose typing is kept, and their fields.
DRAFTS: Mapping[str, tuple[str, ...]] = {
    "noter": ("text", "text_kind"),
    "repondre": ("outcome", "text", "without_papers"),
    "corriger": ("title", "details"),
    "relais": ("account", "words"),
}
NOTHING_TYPED: Mapping[str, Any] = {"text": "", "text_kind": "internal"}


@dataclass(frozen=True)
class Document:
    """A document one may open once it is found clean. ``href`` empty while it may not."""

    name: str
    look: Look
    href: str


@dataclass(frozen=True)
class PaperLine:
    """A paper of the list, its document, and the form that says where it stands."""

    paper: Paper
    look: Look
    document: Document | None
    form: Form


@dataclass(frozen=True)
class Entry:
    """A line of the story in words. ``kind``: of the component (event, internal, to_person)."""

    kind: str
    who: str
    at: datetime
    text: str
    channel: str = ""
    delivery: str = ""
    document: Document | None = None


@dataclass(frozen=True)
class Aside:
    """The person beside the request: how to reach them, what helps, what frightens."""

    person: Person
    born: str
    place: str
    lines: str
    phones: list[tuple[str, str, bool]]
    needs: list[Need]


def shown(
    intervention_id: UUID,
    *,
    typed: Mapping[str, Form] | None = None,
    since: datetime | None = None,
    conflict: Conflict | None = None,
) -> dict[str, Any]:
    """The context of the page of one intervention (14 queries, one more with documents). Raises ``Unknown``.

    ``typed``: forms sent and refused, kept as they were typed. ``since``: when the reader last read it, to show what
    changed meanwhile. ``conflict``: the fields that a colleague corrected at the same time.
    """
    page = page_of(intervention_id)
    intervention, typed = page.intervention, typed or {}
    steps = {step.verb for step in page.possible}
    drafts = drafts_of(intervention_id)
    people = possible_workers(intervention.portfolio_id)
    homeless = _homeless(typed, steps)
    progress = typed.get("noter") or forms.ProgressForm(
        initial={**NOTHING_TYPED, **({"text": homeless} if homeless else {}), **drafts.get("noter", {})}
    )
    return {
        **_told(page),
        **together(page, typed, drafts, people, conflict),
        "yours": _yours(typed, intervention) if since else [],
        "steps_possible": steps,
        "aside": aside(page.person),
        "says": json.dumps(page.kind.outcomes, ensure_ascii=False),
        "papers": [paper_line(paper, page.files, typed.get(f"paper-{paper.pk}")) for paper in page.papers],
        "papers_missing": missing(page.papers, page.kind),
        "papers_done": sum(one.state in ("received", "not_needed") for one in page.papers),
        "tries": tries(page),
        "attempts_needed": 2,
        "waiting": intervention.state in WAITING,
        "before_answer": intervention.state in BEFORE_ANSWER,
        "after_answer": intervention.state in AFTER_ANSWER,
        "may_reopen": "reopen" in steps and _within_sixty_days(intervention, page.at),
        "progress_form": progress,
        "said_to": _("Ce que vous dites à %(name)s") % {"name": page.person.full_name},
        "writes_inside": progress["text_kind"].value() != "to_person",
        "answer_form": typed.get("repondre")
        or forms.AnswerForm(kind=page.kind, initial=drafts.get("repondre", {})),
        "confirm_form": typed.get("accord") or forms.ConfirmForm(),
        "reopen_form": typed.get("rouvrir") or forms.ReopenForm(),
        "cancel_form": typed.get("annuler") or forms.CancelForm(),
        "attach_form": typed.get("document") or forms.AttachForm(),
        "assign_form": (typed.get("confier") or forms.AssignForm(people=people))
        if "assign" in steps
        else None,
        "wrong": [form for form in typed.values() if form.errors],
        "meanwhile": [entry(line, page.files) for line in page.story if since and line.at > since],
        "read_at": page.at.isoformat(),
    }


def told(intervention_id: UUID) -> dict[str, Any]:
    """The head and the story alone (9 queries). Raises ``Unknown``."""
    return _told(page_of(intervention_id))


def _told(page: InterventionPage) -> dict[str, Any]:
    return {
        "page": page,
        "intervention": page.intervention,
        "announced": announced([page.intervention.pk]).get(page.intervention.pk),
        "looks": looks_of(page.intervention, page.at),
        "story": [entry(line, page.files) for line in reversed(page.story)],
    }


def draft_name(intervention_id: UUID, part: str = "") -> str:
    """The draft of a part of the page (``DRAFTS``) of an intervention; of all of them without ``part``."""
    return f"intervention:{intervention_id}:{part}"


def drafts_of(intervention_id: UUID) -> dict[str, dict[str, Any]]:
    """What the reader was typing in the parts of the page (1 query)."""
    begin = draft_name(intervention_id)
    return {
        form.removeprefix(begin): {
            name: value[0] if isinstance(value, list) else value for name, value in draft.items()
        }
        for form, draft in kept_drafts(begin).items()
    }


def _homeless(typed: Mapping[str, Form], steps: set[str]) -> str:
    """An answer refused because a colleague answered first has no box any more: it goes into the note's, not lost."""
    sent = typed.get("repondre")
    return str(sent["text"].value() or "") if sent is not None and "answer" not in steps else ""


def _yours(typed: Mapping[str, Form], intervention: Intervention) -> list[tuple[str, str, str]]:
    """(field, what the reader wrote, what is on record now) of forms sent too late."""
    on_record = {"outcome": intervention.get_outcome_display(), "text": intervention.answer}
    lines = []
    for form in typed.values():
        for bound in form.visible_fields():
            written = shown_value(bound)
            if written and bound.name not in ("text_kind", "go"):
                lines.append((str(bound.label), written, str(on_record.get(bound.name, "")) or "–"))
    return lines


def shown_value(bound: BoundField) -> str:
    """What was typed or chosen in a field, as it was read on the page."""
    value = bound.value()
    choices = dict(getattr(bound.field, "choices", ()) or ())
    return str(choices.get(value, value) or "")


def _within_sixty_days(intervention: Intervention, at: datetime) -> bool:
    return intervention.answered_at is not None and at - intervention.answered_at <= REOPEN_WITHIN


def possible_workers(portfolio_id: int) -> list[tuple[str, str]]:
    """Those who see the portfolio today, for a list of choices (1 query)."""
    on = today()
    holding = Holding.objects.filter(portfolio_id=portfolio_id, during__contains=on)
    leading = TeamMember.objects.filter(team__portfolios=portfolio_id, leads=True, during__contains=on)
    seen = Account.objects.filter(
        Q(pk__in=holding.values("staff__account_id")) | Q(pk__in=leading.values("staff__account_id")),
        is_active=True,
    )
    return [(str(key), name) for key, name in seen.order_by("name", "pk").values_list("pk", "name")]


def tries(page: InterventionPage) -> int:
    """How many calls were tried since the last answer."""
    answered = page.intervention.answered_at
    return sum(
        line.what == "attempt"
        and line.code == Attempt.How.CALL
        and answered is not None
        and line.at >= answered
        for line in page.story
    )


def document(file: File | None) -> Document | None:
    """What may be said of a document; None for one out of sight."""
    return None if file is None else document_of(file)


def document_of(file: File) -> Document:
    """What may be said of this document; it opens once it is found clean."""
    clean = file.state == FileState.CLEAN
    href = reverse("correspondent:document", args=[file.pk]) if clean else ""
    return Document(str(file.name), FILES[file.state], href)


def paper_line(paper: Paper, files: Mapping[UUID, File], typed: Form | None) -> PaperLine:
    """A paper with its document and its own form."""
    own = f"paper-{paper.pk}"
    form = typed or forms.PaperForm(own=own, initial={"paper": paper.pk})
    return PaperLine(
        paper, PAPER[paper.state], document(files.get(paper.file_id) if paper.file_id else None), form
    )


def entry(line: Line, files: Mapping[UUID, File]) -> Entry:
    """A line of the story in words."""
    who = line.who or _("La plate-forme")
    if line.what == "note":
        kind = "internal" if line.code == Note.For.US else "to_person"
        return Entry(kind, who, line.at, line.words)
    if line.what == "message":
        state = str(standing(line.source).word)
        return Entry(
            "to_person",
            who,
            line.at,
            line.words,
            channel=line.code,
            delivery=_("%(title)s : %(state)s") % {"title": line.target, "state": state},
        )
    if line.what == "attempt":
        said = str(Attempt.How(line.code).label).capitalize()
        return Entry("event", who, line.at, said)
    if line.what == "file":
        found = document(files.get(line.ref) if line.ref else None)
        return Entry("event", who, line.at, line.words or _("Document joint"), document=found)
    return Entry("event", who, line.at, moved(line))


def moved(line: Line) -> str:
    """A change of state in words: what was done, and why."""
    said = capfirst(str(STEPS.get(line.code, _("a ouvert la demande"))))
    return _("%(said)s : %(words)s") % {"said": said, "words": line.words} if line.words else f"{said}."


def aside(person: Person) -> Aside:
    """What one must have in sight when working for somebody (3 queries)."""
    in_use = Phone.objects.filter(subject_id=person.pk, ended_at=None).order_by("-main", "id")
    home = (
        Address.objects.filter(subject_id=person.pk, kind=Address.Kind.HOME, until=None)
        .select_related("commune")
        .first()
    )
    years = age(person.birth_date, person.died_on or today())
    born = dates.day_text(person.birth_date, year=True, weekday=False) if person.birth_date else ""
    return Aside(
        person=person,
        born=_("%(day)s (%(years)s ans)") % {"day": born, "years": years} if born else "",
        place=f"{home.postcode} {home.commune.name}" if home else "",
        lines=home.lines if home else "",
        phones=[(one.number, phones.display(one.number), bool(one.verified_at)) for one in in_use],
        needs=list(Need.objects.filter(subject_id=person.pk, ended_on=None).order_by("kind", "id")),
    )
