"""The call screen: who calls, how sure we are, whom it is about, how it ends."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gruppetto.desks.call_desk.forms import AnswerForm, ConcludeForm, FindForm, NewPersonForm
from gruppetto.desks.call_desk.screen import draft_key, drafts, screen
from gruppetto.desks.call_desk.views.answers import (
    CORRECT,
    home,
    pass_on_form,
    show_contact,
    speaker_form,
    to_contact,
)
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.errors import Refused
from gruppetto.registry.people import identity
from gruppetto.service.contacts import verbs
from gruppetto.service.contacts.standing import standing


@page("take_calls")
@require_safe
def contact(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """The screen of a contact."""
    return show_contact(request, contact_id)


@page("identify_persons")
@require_POST
def find(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Find the person by name, birth date, postcode. Sent, not asked for: no name in an address."""
    form, found = FindForm(request.POST), None
    if form.is_valid():
        try:
            found = verbs.find_persons(contact_id, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
    context = {"find": form, "found": found}
    if request.headers.get("HX-Request"):
        return render(request, "call_desk/parts/found.html", {**context, "contact_id": contact_id})
    return show_contact(request, contact_id, 200 if form.is_valid() else CORRECT, **context)


@page("identify_persons")
@require_POST
def choose(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Say whom it is about: a candidate (with the relative whose number it is) or somebody found."""
    try:
        person_id, through = UUID(request.POST["person"]), request.POST.get("through", "")
        verbs.choose_person(
            contact_id, person_id, UUID(through) if through else None, request.POST.get("link", "")
        )
    except (KeyError, ValueError):
        raise Refused(_("Choisissez la personne dans la liste."), code="person-unreadable") from None
    return to_contact(contact_id)


@page("identify_persons")
@require_POST
def new_person(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Somebody we did not know: the least that makes a record."""
    form = NewPersonForm(request.POST)
    if form.is_valid():
        try:
            verbs.new_person(contact_id, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            verbs.drop_draft(draft_key(contact_id, "personne"))
            return to_contact(contact_id)
    return show_contact(request, contact_id, CORRECT, newcomer=form)


@page("identify_persons")
@require_POST
def speaker(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Who speaks, when it is not the person."""
    shown = screen(contact_id)
    form = speaker_form(shown, request.POST)
    if form.is_valid() and shown.person and shown.contact.subject_id:
        try:
            if form.other:
                verbs.new_caller(contact_id, form.cleaned_data["name"], form.cleaned_data["link"])
            else:
                link = shown.person.links.get(form.caller_id, "") if form.caller_id else ""
                verbs.choose_person(contact_id, shown.contact.subject_id, form.caller_id, link)
        except Refused as refused:
            form.refuse(refused)
        else:
            return to_contact(contact_id)
    return show_contact(request, contact_id, CORRECT, speaker=form)


@page("identify_persons")
@require_POST
def ask(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Draw two questions to read aloud."""
    try:
        verbs.ask_identity(contact_id)
    except Refused as refused:
        messages.warning(request, str(refused.message))
    return to_contact(contact_id)


@page("identify_persons")
@require_POST
def answer(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Compare what was heard; the page says match or no match, nothing else."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Cette question n’existe plus."), code="question-unreadable")
    try:
        judged = verbs.answer_identity(contact_id, form.cleaned_data["check"], form.cleaned_data["typed"])
    except Refused as refused:
        messages.warning(request, str(refused.message))
    else:
        if judged.blocked:
            messages.error(
                request, _("Trois réponses ne vont pas. Proposez un rappel sur un numéro vérifié.")
            )
    return to_contact(contact_id)


@page("identify_persons")
@require_POST
def say_word(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Show the word that the person chose, for us to say it; shown once, traced."""
    stands, word, refusal = standing(contact_id), "", ""
    try:
        if stands.contact.subject_id is None:
            raise Refused(_("Choisissez d’abord la personne concernée."), code="nobody-chosen")
        stands.check_hearing()
        if stands.contact.caller_id is not None:
            raise Refused(_("Le mot ne se dit qu’à la personne elle-même."), code="word-to-another")
        word = identity.word_to_say(stands.contact.subject_id, contact_id, recognised=True)
    except Refused as refused:
        refusal = str(refused.message)
    context = {"word": word, "word_refused": refusal}
    if request.headers.get("HX-Request"):
        return render(request, "call_desk/parts/word.html", context)
    return show_contact(request, contact_id, 200 if word else CORRECT, **context)


@page("identify_persons")
@require_POST
def vouch(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """The person's own correspondent recognises them."""
    try:
        verbs.vouch(contact_id, request.POST.get("how", ""))
    except Refused as refused:
        messages.warning(request, str(refused.message))
    return to_contact(contact_id)


@page("identify_persons")
def code(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Where the code sent in this contact stands; the page reads it again when that changes."""
    stands = standing(contact_id)
    context = {"code": verbs.code_box(stands.contact), "contact_id": contact_id}
    return render(request, "call_desk/parts/code_state.html", context)


@page("identify_persons")
@require_POST
def send_code(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Have a code sent to a verified number of who speaks."""
    try:
        verbs.send_code(contact_id, UUID(request.POST.get("phone", "")))
    except ValueError:
        messages.warning(request, _("Choisissez le numéro."))
    except Refused as refused:
        messages.warning(request, str(refused.message))
    return to_contact(contact_id, "identite")


@page("identify_persons")
@require_POST
def answer_code(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Compare the code that was said: right or wrong, nothing else is shown."""
    try:
        judged = verbs.answer_code(contact_id, request.POST.get("code", "")[:20])
    except Refused as refused:
        messages.warning(request, str(refused.message))
    else:
        if judged.match:
            messages.success(request, _("Le code est juste : la personne est confirmée."))
        else:
            messages.warning(request, _("Ce n’est pas ce code. Faites-le redire, lentement."))
    return to_contact(contact_id, "identite")


@page("take_calls")
@require_POST
def pass_on(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Let the call ring for a colleague, or for whoever is free."""
    form = pass_on_form(request.POST)
    if form.is_valid():
        try:
            verbs.pass_on(contact_id, form.cleaned_data["account"])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(
                request, _("L’appel sonne chez votre collègue. Vous pouvez le reprendre d’ici là.")
            )
            return home()
    return show_contact(request, contact_id, CORRECT, pass_on=form)


@page("take_calls")
@require_POST
def bring_in(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Ask the person's own correspondent to join the call."""
    try:
        name = verbs.bring_in(contact_id)
    except Refused as refused:
        messages.warning(request, str(refused.message))
    else:
        # The correspondent's name answers a control question: said once the person is recognised.
        told = standing(contact_id).may_hear
        messages.success(
            request,
            _("%(name)s est prévenu et peut rejoindre l’appel.")
            % {"name": name if told else _("Son correspondant")},
        )
    return to_contact(contact_id)


@page("take_calls")
@require_POST
def hang_up(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """The conversation is over; what was said remains to be written."""
    try:
        verbs.hang_up(contact_id)
    except Refused as refused:
        messages.warning(request, str(refused.message))
    return to_contact(contact_id, "conclure")


@page("take_calls")
@require_POST
def conclude(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """All is written: the contact is done, and with it what was being typed."""
    form = ConcludeForm(request.POST)
    if form.is_valid():
        try:
            verbs.conclude(contact_id, form.cleaned_data["summary"])
        except Refused as refused:
            form.refuse(refused)
        else:
            for part in drafts(contact_id):
                verbs.drop_draft(draft_key(contact_id, part))
            messages.success(request, _("Contact conclu."))
            return home()
    return show_contact(request, contact_id, CORRECT, conclude=form)
