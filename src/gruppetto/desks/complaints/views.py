"""Complaints: who may read them is the database's to say, each reading is in the journal (G23)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gruppetto.desks.complaints.forms import STEPS, FileForm, TermsForm
from gruppetto.desks.complaints.paper import written
from gruppetto.desks.shared.figures import Cell, Column
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.looks import Look
from gruppetto.desks.shared.paging import cursor_of
from gruppetto.desks.shared.responses import TO_CORRECT, SeeOther, see
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.actors import current_actor
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.registry.people.reads import card, display_names
from gruppetto.service.complaints import reads, verbs
from gruppetto.service.complaints.models import Complaint
from gruppetto.service.complaints.reads import Told
from gruppetto.service.contacts.reads import colleagues
from gruppetto.service.contacts.standing import standing
from gruppetto.service.interventions.models import Intervention

S = Complaint.State
LISTS = (
    ("a-repondre", gettext_lazy("À répondre")),
    ("repondues", gettext_lazy("Répondues")),
    ("closes", gettext_lazy("Closes")),
)
LOOKS: dict[str, Look] = {
    S.RECEIVED: Look(capfirst(S.RECEIVED.label), "warning", "inbox"),
    S.IN_HAND: Look(capfirst(S.IN_HAND.label), "info", "play-circle"),
    S.ANSWERED: Look(capfirst(S.ANSWERED.label), "good", "chat-left-text"),
    S.MEDIATION: Look(capfirst(S.MEDIATION.label), "warning", "signpost-split"),
    S.CLOSED: Look(capfirst(S.CLOSED.label), "neutral", "check2"),
}
LATE = Look(gettext_lazy("En retard"), "danger", "alarm")
COLUMNS = [
    Column(gettext_lazy("Numéro")),
    Column(gettext_lazy("Personne")),
    Column(gettext_lazy("Sujet")),
    Column(gettext_lazy("État")),
    Column(gettext_lazy("Réponse promise")),
    Column(gettext_lazy("S’en charge")),
]
MOST = 10


@page("record_requests")
def note_one(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Note a complaint heard in a contact; the reference is given to the person."""
    contact = standing(contact_id).contact
    staff = [(one.pk, one.name) for one in colleagues()]
    about = Intervention.objects.filter(subject_id=contact.subject_id) if contact.subject_id else ()
    recent = about.order_by("-opened_at")[:MOST] if about else ()
    known = [(one.pk, f"{one.title} ({one.reference})") for one in recent]
    form = FileForm(staff, known, request.POST or None)
    back = reverse("call_desk:contact", args=[contact_id])
    if request.method == "POST" and form.is_valid():
        try:
            reference = verbs.file_complaint(contact_id, **form.cleaned_data)
        except Refused as refused:
            say_no(form, refused)
        else:
            said = _("La réclamation %(reference)s est notée. Donnez ce numéro à la personne.")
            messages.success(request, said % {"reference": reference})
            return SeeOther(back)
    status = TO_CORRECT if form.errors else 200
    terms = reads.terms_in_force(now())
    context = {"form": form, "back": back, "days": terms.days}
    return render(request, "complaints/file.html", context, status=status)


@page("answer_complaints")
def listing(request: HttpRequest) -> HttpResponse:
    """Those one may read, by list: to answer (nearest first), answered, closed."""
    which = request.GET.get("liste") or LISTS[0][0]
    found = reads.page_of(which, cursor_of(request))
    names = display_names(row.subject_id for row in found.rows if row.subject_id)
    at, me = now(), current_actor().account_id
    rows = [
        (
            Cell(row.reference, href=reverse("complaints:one", args=[row.pk])),
            names.get(row.subject_id, "") if row.subject_id else _("Personne inconnue"),
            str(row.get_about_display()).capitalize(),
            Cell(look=LATE if row.state in reads.TO_ANSWER and row.due_at < at else LOOKS[row.state]),
            row.due_at,
            _("vous") if row.handler_id == me else "",
        )
        for row in found.rows
    ]
    context = {
        "columns": COLUMNS,
        "rows": rows,
        "lists": LISTS,
        "which": which,
        "after": str(found.cursor or ""),
    }
    return render(request, "complaints/list.html", context)


@page("answer_complaints")
def one(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """One complaint, read: the reading is written before it is shown."""
    return _shown(request, verbs.read(complaint_id))


@page("answer_complaints")
@require_POST
def act(request: HttpRequest, complaint_id: UUID, step: str) -> HttpResponse:
    """Do one thing of it. Passed on or found to concern oneself, it leaves one's sight: back to the list."""
    told = reads.told(complaint_id)
    known = next((one for one in STEPS if one.code == step), None)
    if known is None:
        raise Unknown(_("Cette étape n’existe pas."), code="step-unknown")
    form = known.form(told, request.POST)
    if form.is_valid():
        try:
            known.do(complaint_id, form.cleaned_data)
        except Refused as refused:
            say_no(form, refused)
        else:
            messages.success(request, str(known.done))
            seen = Complaint.objects.filter(pk=complaint_id).exists()
            return see("complaints:one", complaint_id) if seen else see("complaints:list")
    return _shown(request, told, TO_CORRECT, {known.code: form})


@page("answer_complaints")
def letter(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """The letter to the person: its answer once there is one, else that it is received; ``gros``: large print."""
    told = verbs.read(complaint_id)
    if told.complaint.subject_id is None:
        raise Unknown(_("On ne sait pas à qui écrire."), code="person-unknown")
    known = card(told.complaint.subject_id, look=False)
    paper = written(told, known, reads.terms_in_force(now()), large_print=request.GET.get("gros") == "1")
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="reclamation.pdf"'
    return response


@page("keep_catalogue")
def terms(request: HttpRequest) -> HttpResponse:
    """How long an answer may take, and who the mediator is."""
    in_force = reads.terms_in_force(now())
    initial = {
        "days": in_force.days,
        "mediator": in_force.mediator,
        "address": in_force.mediator_address,
    }
    form = TermsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            verbs.set_terms(said["days"], said["mediator"], said["address"])
        except Refused as refused:
            say_no(form, refused)
        else:
            messages.success(request, _("C’est noté. Les réclamations en cours gardent leur date."))
            return see("complaints:terms")
    return render(request, "complaints/terms.html", {"form": form}, status=TO_CORRECT if form.errors else 200)


def _shown(
    request: HttpRequest, told: Told, status: int = 200, typed: dict[str, Any] | None = None
) -> HttpResponse:
    complaint, typed = told.complaint, typed or {}
    mine = complaint.handler_id == current_actor().account_id
    person = display_names([complaint.subject_id]) if complaint.subject_id else {}
    able = [one for one in STEPS if complaint.state in one.states and (mine or not one.mine)]
    facts = [
        (_("Personne"), person.get(complaint.subject_id, "") if complaint.subject_id else _("inconnue")),
        (_("Sujet"), capfirst(complaint.get_about_display())),
        (_("Notée par"), told.names.get(complaint.written_by, "")),
        (_("Concerne"), ", ".join(sorted(told.names.get(one, "") for one in complaint.concerned))),
        (_("S’en charge"), told.names.get(complaint.handler_id, "") if complaint.handler_id else ""),
        (_("Avis"), complaint.get_finding_display() if complaint.finding else ""),
        (_("Fin"), complaint.get_ending_display() if complaint.ending else ""),
    ]
    context = {
        "complaint": complaint,
        "look": LOOKS[complaint.state],
        "late": complaint.state in reads.TO_ANSWER and complaint.due_at < now(),
        "facts": facts,
        "forms": [(step, typed.get(step.code) or step.form(told)) for step in able],
        "typed": typed,
        "steps": [(_said(step.verb), told.names.get(step.account_id, ""), step) for step in told.steps],
        "can_write": complaint.subject_id is not None,
    }
    return render(request, "complaints/one.html", context, status=status)


def _said(verb: str) -> str:
    words = {
        "take": _("S’en charge"),
        "note": _("Note"),
        "answer": _("Répond"),
        "reopen": _("Reprend la réclamation. La réponse d’avant :"),
        "refer": _("Oriente vers le médiateur"),
        "close": _("Clôt"),
        "withdraw": _("Note que la personne y renonce"),
        "pass_on": _("Transmet"),
        "concern": _("Ajoute une personne concernée"),
    }
    return words[verb]
