"""A code of six digits to a verified number: made by the worker, told to nobody here, said again by who speaks.

Level 3 of identity (tables.md). Good for ten minutes, three tries; only its seal is kept.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from gruppetto.kernel import journal, outbox
from gruppetto.kernel.actors import Actor, acting, human, verb
from gruppetto.kernel.clock import PARIS, now
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.secrets import blind_index
from gruppetto.registry.people.models import Channel, Person, Phone
from gruppetto.service.messages import costs, events, sms
from gruppetto.service.messages.models import Code
from gruppetto.service.messages.ports import VOICE, Carrier, Lost, Never, NotNow, Outgoing, carrier

GOOD_FOR = timedelta(minutes=10)
MOST_TRIES, MOST_CODES = 3, 3
DIGITS = 6
ACTOR = Actor.job("messages.code")
UNDER_WAY = (Code.State.ASKED, Code.State.SENDING, Code.State.SENT, Code.State.UNKNOWN)


def way_to(phone: Phone) -> str:
    """How a code reaches a number: an SMS on a mobile, a call that says it on a landline; empty when nobody carries."""
    if phone.kind == Phone.Kind.MOBILE and carrier(Channel.SMS) is not None:
        return Code.How.SMS
    return Code.How.VOICE if carrier(VOICE) is not None else ""


def carried() -> bool:
    """Can a code be sent at all?"""
    return carrier(Channel.SMS) is not None or carrier(VOICE) is not None


def current(contact_id: UUID, person_id: UUID) -> Code | None:
    """The last code asked for in a contact for this person (1 query)."""
    return (
        Code.objects.filter(contact_id=contact_id, subject_id=person_id).order_by("-asked_at", "-id").first()
    )


@verb
def ask_code(person: Person, phone: Phone, contact_id: UUID) -> Code:
    """Have a code sent to a verified number of ``person``; the worker makes and sends it.

    Raises ``Refused``: phone-not-verified, phone-ended, code-no-carrier, code-too-many; ``NotYours``.
    """
    me, at = human(), now()
    if phone.subject_id != person.pk or phone.ended_at is not None:
        raise Refused(_("Ce numéro n’est plus celui de la personne."), code="phone-ended", field="phone")
    if not phone.verified_how:
        raise Refused(
            _("Un code ne part que vers un numéro déjà vérifié."), code="phone-not-verified", field="phone"
        )
    how = way_to(phone)
    if not how:
        raise Refused(
            _("Aucun moyen n’est réglé pour envoyer ce code. Passez l’appel à son correspondant."),
            code="code-no-carrier",
        )
    if Code.objects.filter(contact_id=contact_id).count() >= MOST_CODES:
        raise Refused(
            _("Trois codes sont déjà partis dans cet appel. Proposez un rappel."), code="code-too-many"
        )
    code = Code.objects.create(
        shelf=person.shelf,
        portfolio_id=person.portfolio_id,
        department=person.department,
        person_id=person.pk,
        contact_id=contact_id,
        phone_id=phone.pk,
        how=how,
        asked_at=at,
        asked_by=me,
        expires_at=at + GOOD_FOR,
    )
    _trace("identity.code_asked", code, how=str(how))
    outbox.publish(events.CODE_ASKED, code.pk)
    return code


def send_code(code_id: UUID) -> None:
    """Make the code, keep its seal, commit, send it: in steps, so that it is never sent unknown to us."""
    with acting(ACTOR):
        begun = begin(code_id)
    if begun is None:
        return
    how, outgoing = begun
    one = carrier(Channel.SMS if how == Code.How.SMS else VOICE)
    state = _hand_over(one, outgoing)
    with acting(ACTOR):
        end(code_id, state)


@verb
def begin(code_id: UUID) -> tuple[str, Outgoing] | None:
    """The code in clear, for the carrier alone; None when it was sent already, or too late."""
    code = Code.objects.select_for_update().filter(pk=code_id, state=Code.State.ASKED).first()
    phone = Phone.objects.filter(pk=code.phone_id, ended_at=None).first() if code else None
    if code is None or phone is None or now() >= code.expires_at:
        return None
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    code.seal, code.state = _seal(code.pk, digits), Code.State.SENDING
    code.save(update_fields=["seal", "state"])
    said = _("%(house)s : votre code est %(code)s. Redites-le à la personne au téléphone.") % {
        "house": settings.GRUPPETTO_NAME,
        "code": digits,
    }
    spoken = [
        _("Bonjour, ici %(house)s.") % {"house": settings.GRUPPETTO_NAME},
        _("Votre code est : %(code)s.") % {"code": ", ".join(digits)},
        _("Je répète : %(code)s.") % {"code": ", ".join(digits)},
    ]
    _count(code, said)
    return code.how, Outgoing(f"code-{code.pk}", phone.number, sms.plain(said), said=spoken)


def _hand_over(one: Carrier | None, outgoing: Outgoing) -> str:
    if one is None:
        return Code.State.FAILED
    try:
        one.send(outgoing)
    except (NotNow, Never):
        return Code.State.FAILED
    except Lost:
        return Code.State.UNKNOWN
    return Code.State.SENT


@verb
def end(code_id: UUID, state: str) -> None:
    """What came of sending it; said again meanwhile, it stays so."""
    code = Code.objects.get(pk=code_id)
    if Code.objects.filter(pk=code_id, state=Code.State.SENDING).update(state=state):
        _trace("identity.code_sent", code, how=code.how, state=str(state))
        outbox.publish(events.CODE_MOVED, code.contact_id)


@verb
def try_code(code_id: UUID, typed: str) -> bool:
    """Is that the code, as who speaks says it? A wrong one counts; spaces and dots do not.

    Raises ``Refused``: code-not-digits (not counted), code-expired, code-spent, code-not-sent.
    """
    digits = "".join(sign for sign in typed if not sign.isspace() and sign not in ".-")
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        raise Refused(_("Un code a six chiffres : faites-le répéter."), code="code-not-digits", field="code")
    code = Code.objects.select_for_update().filter(pk=code_id).first()
    if code is None:
        raise Unknown(_("Aucun code n’est parti dans ce contact."), code="code-unknown")
    if now() >= code.expires_at:
        raise Refused(_("Ce code ne vaut plus : envoyez-en un autre."), code="code-expired", field="code")
    if code.tries >= MOST_TRIES:
        raise Refused(
            _("Ce code a été essayé trois fois : envoyez-en un autre."), code="code-spent", field="code"
        )
    if code.seal is None or code.state not in UNDER_WAY:
        raise Refused(_("Ce code n’est pas parti : envoyez-en un autre."), code="code-not-sent", field="code")
    right = hmac.compare_digest(bytes(code.seal), _seal(code.pk, digits))
    code.tries += 1
    if right:
        code.state = Code.State.MATCHED
    code.save(update_fields=["tries", "state"])
    _trace("identity.code_tried", code, result="match" if right else "no_match", tries=code.tries)
    return right


def _seal(code_id: UUID, digits: str) -> bytes:
    return blind_index(f"{code_id}:{digits}", "messages.code")


def _count(code: Code, said: str) -> None:
    channel = Channel.SMS if code.how == Code.How.SMS else Channel.PHONE
    parts, at = sms.parts(sms.plain(said)).count if channel == Channel.SMS else 1, now()
    mills = parts * costs.price(channel, at.astimezone(PARIS).date())
    costs.count(costs.team_of(code.portfolio_id), code.department, at, channel, parts, mills)


def _trace(name: str, code: Code, **body: object) -> None:
    journal.act(
        name,
        subject=("service_messages.code", code.pk),
        person_id=code.subject_id,
        portfolio_id=code.portfolio_id,
        body=body,
    )
