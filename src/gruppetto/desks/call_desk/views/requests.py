"""A request: its kind in three letters, its script, the three sentences read aloud, and the answers to confirm."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gruppetto.desks.call_desk.forms import NoForm
from gruppetto.desks.call_desk.screen import Screen, draft_key, facts_to_compare, screen
from gruppetto.desks.call_desk.scripts import WordsForm, as_read, promised, reading
from gruppetto.desks.call_desk.views.answers import (
    CORRECT,
    around,
    kinds_found,
    show_contact,
    to_contact,
)
from gruppetto.desks.shared.responses import see
from gruppetto.desks.shared.scripts import ScriptForm
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused
from gruppetto.registry.people.models import Person
from gruppetto.service.catalogue import script
from gruppetto.service.catalogue.content import Kind
from gruppetto.service.catalogue.reads import guides_in_force, kind_in_force
from gruppetto.service.contacts import reads, verbs
from gruppetto.service.contacts.standing import Standing, standing
from gruppetto.service.interventions import verbs as work
from gruppetto.service.interventions.models import Intervention

ADDRESSED = {Person.Title.MRS: "Madame", Person.Title.MR: "Monsieur"}


@page("record_requests")
@require_POST
def kinds(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """The kinds that the letters typed lead to; without scripts, the best one opens."""
    typed = request.POST.get("typed", "")[:80]
    found = kinds_found(standing(contact_id).contact.level, typed)
    if request.headers.get("HX-Request"):
        return render(request, "call_desk/parts/kinds.html", {"contact_id": contact_id, "kinds": found})
    if found and typed.strip():
        return see("call_desk:request", contact_id, found[0]["kind"].code)
    messages.info(
        request, _("Aucune démarche avec ces lettres. Essayez un autre mot, comme la personne le dit.")
    )
    return to_contact(contact_id, "demarche")


@page("record_requests")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, contact_id: UUID, kind_code: str) -> HttpResponse:
    """The script: asked question by question, kept as it is typed; complete, it is read back."""
    kind, shown = kind_in_force(kind_code, now()), screen(contact_id)
    if request.method != "POST":
        return _script(request, shown, kind, _kept(shown, kind), sent=False)
    typed = {**_kept(shown, kind), **_sent(request.POST)}
    verbs.save_draft(_key(contact_id, kind), typed)
    form, words = ScriptForm(kind, typed, sent=True), WordsForm(typed)
    if form.is_valid() and words.is_valid():
        return see("call_desk:read_back", contact_id, kind.code)
    return _script(request, shown, kind, typed, sent=True)


@page("record_requests")
@require_POST
def questions(request: HttpRequest, contact_id: UUID, kind_code: str) -> HttpResponse:
    """The questions that an answer made appear or disappear, and what it changes; the others stay as they are."""
    kind, stands = kind_in_force(kind_code, now()), standing(contact_id)
    kept = reads.kept_draft(_key(contact_id, kind)) or {}
    typed = {**kept, **_sent(request.POST)}
    form = ScriptForm(kind, typed, compare=_compare(stands))
    before = set(request.POST.getlist("shown"))
    changed = [line for line in form.lines() if (line.bound is not None) != (line.question.id in before)]
    context = {"form": form, "changed": changed, **_effects(kind, form, typed, contact_id)}
    return render(request, "call_desk/parts/questions.html", context)


@page("record_requests")
@require_http_methods(["GET", "HEAD", "POST"])
def read_back(request: HttpRequest, contact_id: UUID, kind_code: str) -> HttpResponse:
    """Read the three sentences aloud; the person's yes opens the request."""
    kind, shown = kind_in_force(kind_code, now()), screen(contact_id)
    typed = _kept(shown, kind)
    form, words = ScriptForm(kind, typed, sent=True), WordsForm(typed)
    if not (form.is_valid() and words.is_valid()):
        return see("call_desk:request", contact_id, kind.code)
    answers, urgent = form.answers(), words.cleaned_data["urgent"]
    refused: Refused | None = None
    if request.method == "POST":
        try:
            opened = _open(request, shown, kind, answers, words)
        except Refused as error:
            refused = error
        else:
            messages.success(request, _said(opened))
            return to_contact(contact_id, "demande")
    read = reading(contact_id, kind, answers, urgent=urgent, person=_addressed(shown), at=now())
    context = {
        **around(shown),
        "kind": kind,
        "reading": read,
        "refusal": refused,
        "words": words,
        **_effects(kind, form, typed, contact_id),
    }
    return render(request, "call_desk/read_back.html", context, status=refused.status if refused else 200)


def _open(
    request: HttpRequest, shown: Screen, kind: Kind, answers: script.Answers, words: WordsForm
) -> Intervention:
    """The person said yes to what was read: the promise counts from that moment."""
    contact_id, urgent = shown.contact.pk, words.cleaned_data["urgent"]
    if shown.contact.subject_id is None:
        raise Refused(_("Choisissez d’abord la personne concernée."), code="nobody-chosen")
    shown.standing.check_order(kind.identity_level)
    at, sentences = as_read(request.POST.get("reading", ""), contact_id, kind, answers, urgent=urgent)
    with transaction.atomic():
        opened = work.open_intervention(
            contact_id,
            shown.contact.subject_id,
            kind.code,
            answers,
            urgent=urgent,
            title=words.cleaned_data["title"],
            at=at,
        )
        verbs.read_back_accepted(contact_id, sentences)
        verbs.drop_draft(_key(contact_id, kind))
    return opened


def _said(opened: Intervention) -> str:
    if opened.worker_id:
        worker = Account.objects.values_list("name", flat=True).get(pk=opened.worker_id)
        return _("Demande %(reference)s ouverte. %(worker)s la suit.") % {
            "reference": opened.reference,
            "worker": worker,
        }
    return _("Demande %(reference)s ouverte. Le responsable la confie à quelqu’un : %(why)s") % {
        "reference": opened.reference,
        "why": opened.queue_reason,
    }


@page("record_requests")
@require_POST
def decide(request: HttpRequest, contact_id: UUID, intervention_id: UUID) -> HttpResponse:
    """What the person says of one of their requests: yes, no, here is what you waited for, drop it."""
    stands, what = standing(contact_id), request.POST.get("decision", "")
    no = NoForm(request.POST)
    try:
        stands.check_hearing()
        rows = Intervention.objects.filter(pk=intervention_id).values_list("subject_id", flat=True)
        if rows.first() != stands.contact.subject_id:
            raise Refused(_("Cette demande n’est pas celle de la personne."), code="request-of-another")
        match what:
            case "yes":
                work.confirm(intervention_id, contact_id=contact_id)
            case "resume":
                work.resume(intervention_id, no.data.get("why", "")[:300], contact_id=contact_id)
            case "no" | "drop" if not no.is_valid():
                return show_contact(request, contact_id, CORRECT, no=no, no_to=intervention_id)
            case "no":
                work.reopen(intervention_id, no.cleaned_data["why"], contact_id=contact_id)
            case "drop":
                work.cancel(intervention_id, no.cleaned_data["why"], contact_id=contact_id)
            case _:
                raise Refused(_("Dites ce que la personne décide."), code="decision-unknown")
    except Refused as refused:
        no.is_valid()
        no.refuse(refused)
        return show_contact(request, contact_id, refused.status, no=no, no_to=intervention_id)
    messages.success(request, _("C’est noté."))
    return to_contact(contact_id, "demandes")


def _script(
    request: HttpRequest, shown: Screen, kind: Kind, typed: dict[str, Any], *, sent: bool
) -> HttpResponse:
    form = ScriptForm(kind, typed, sent=sent, compare=_compare(shown.standing))
    words = WordsForm(typed if sent else None, initial=typed)
    context = {
        **around(shown),
        "kind": kind,
        "form": form,
        "words": words,
        "draft_part": f"demande-{kind.code}",
        **_effects(kind, form, typed, shown.contact.pk),
    }
    wrong = sent and not (form.is_valid() and words.is_valid())
    return render(request, "call_desk/request.html", context, status=CORRECT if wrong else 200)


def _effects(kind: Kind, form: ScriptForm, typed: dict[str, Any], contact_id: UUID) -> dict[str, Any]:
    """What the answers given so far make of the request."""
    answers = form.answers()
    effects = script.effects(kind, answers)
    guides = {guide.code: guide for guide in guides_in_force(now())} if effects.distress else {}
    return {
        "effects": effects,
        "distress": [guides[code] for code in effects.distress if code in guides],
        "papers": script.papers(kind, answers),
        "warnings": script.warnings(kind, answers),
        "due_at": promised(kind, answers, bool(typed.get("urgent")), now(), contact_id),
    }


def _compare(stands: Standing) -> dict[Any, str]:
    return facts_to_compare(stands.contact.subject_id, stands) if stands.contact.subject_id else {}


def _key(contact_id: UUID, kind: Kind) -> str:
    return draft_key(contact_id, f"demande-{kind.code}")


def _kept(shown: Screen, kind: Kind) -> dict[str, Any]:
    return shown.drafts.get(f"demande-{kind.code}", {})


def _sent(data: QueryDict) -> dict[str, Any]:
    """What the form sent; a box that is not ticked sends nothing, and that counts too."""
    return {
        "urgent": "",
        **{name: data[name] for name in data if name not in ("csrfmiddlewaretoken", "shown")},
    }


def _addressed(shown: Screen) -> str:
    if shown.contact.subject_id is None:
        return _("Madame, Monsieur")
    person = Person.objects.get(pk=shown.contact.subject_id)
    name = person.usage_name or person.family_name
    return f"{ADDRESSED.get(Person.Title(person.title), person.given_names)} {name}".strip()
