"""What can happen to a visit: begun, prolonged, ended; its alarm raised, widened, taken, closed (G24)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.actors import human, verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import NotYours, Refused, TooLate, Unknown
from gruppetto.kernel.identifiers import new_id, phones, shelf_of
from gruppetto.kernel.journal import act, look
from gruppetto.kernel.outbox import publish
from gruppetto.kernel.states.moves import move
from gruppetto.kernel.typed import written
from gruppetto.registry.people.models import Person
from gruppetto.service.visits.events import ALARM
from gruppetto.service.visits.models import LENGTHIEST, LONGEST, MOST_GRACE, SHORTEST, Visit
from gruppetto.service.visits.states import ALERTED, LIFE, PLATFORM, TAKER, VISITOR

S, How = Visit.State, Visit.How
SUBJECT = "visits.visit"
LARGEST_CIRCLE = 3
SOMEBODY_WAS_FIRST = _("Quelqu’un d’autre vient de s’occuper de cette alarme. Relisez-la.")


@verb
def begin(
    place: str,
    phone: str,
    minutes: int,
    *,
    grace: int | None = None,
    whose: str = "",
    person_id: UUID | None = None,
) -> Visit:
    """Say where one goes in alone, for how many ``minutes``, and after how many of ``grace`` silence is an alarm.

    ``phone``: where the visitor answers, as typed. Raises ``Unknown`` (person-unknown), ``Refused``: empty, too-long,
    wrong-duration, wrong-grace, one-visit-at-a-time, and those of ``phones.parse``.
    """
    at, me, visit_id = now(), human(), new_id()
    grace = settings.GRUPPETTO_VISIT_GRACE if grace is None else grace
    if not SHORTEST <= minutes <= LENGTHIEST:
        raise Refused(_("Une visite dure de 5 minutes à 8 heures."), code="wrong-duration", field="minutes")
    if not 0 <= grace <= MOST_GRACE:
        raise Refused(_("On attend une heure au plus."), code="wrong-grace", field="grace")
    person = Person.objects.filter(pk=person_id).first() if person_id else None
    if person_id and person is None:
        raise Unknown(_("Cette personne n’est pas dans votre périmètre."), code="person-unknown")
    expected = at + timedelta(minutes=minutes)
    visit = Visit(
        id=visit_id,
        shelf=person.shelf if person else shelf_of(visit_id),
        portfolio_id=person.portfolio_id if person else 0,
        department=person.department if person else "",
        person_id=person.pk if person else None,
        account_id=me,
        whose=written(whose, "whose", LONGEST),
        place=written(place, "place", LONGEST, _("Écrivez l’adresse : c’est là qu’on ira vous chercher.")),
        phone=phones.parse(phone, field="phone"),
        begun_at=at,
        expected_at=expected,
        grace_minutes=grace,
        alarm_at=expected + timedelta(minutes=grace),
        said_at=at,
    )
    visit.save(force_insert=True)
    body = {"minutes": minutes, "grace": grace}
    act("visit.begin", subject=(SUBJECT, visit.pk), person_id=visit.person_id, body=body)
    return visit


@verb
def extend(visit_id: UUID, minutes: int) -> Visit:
    """All is well, it lasts ``minutes`` longer (counted from now when the end is past); an alarm given stays.

    Raises ``Unknown``, ``TooLate`` (visit-over), ``Refused`` (wrong-duration).
    """
    visit, at = _mine(visit_id), now()
    if not SHORTEST <= minutes <= LENGTHIEST:
        raise Refused(_("Une visite dure de 5 minutes à 8 heures."), code="wrong-duration", field="minutes")
    expected = max(visit.expected_at, at) + timedelta(minutes=minutes)
    visit.expected_at, visit.said_at = expected, at
    visit.alarm_at = expected + timedelta(minutes=visit.grace_minutes)
    visit.save(update_fields=["expected_at", "alarm_at", "said_at"])
    act("visit.extend", subject=(SUBJECT, visit.pk), person_id=visit.person_id, body={"minutes": minutes})
    _tell(visit)
    return visit


@verb
def out(visit_id: UUID) -> Visit:
    """All is well, one is out. An alarm that was given stays until a colleague closes it: one may be forced to say so.

    Raises ``Unknown``, ``TooLate`` (visit-over).
    """
    visit, at = _mine(visit_id), now()
    visit.out_at = visit.said_at = at
    if visit.state == S.UNDER_WAY:
        LIFE.check(visit.state, S.ENDED, [VISITOR])
        visit.state = S.ENDED
    visit.save(update_fields=["state", "out_at", "said_at"])
    act("visit.out", subject=(SUBJECT, visit.pk), person_id=visit.person_id)
    _tell(visit)
    return visit


@verb
def ask_help(visit_id: UUID, *, discreet: bool = False) -> Visit:
    """Raise the alarm now; ``discreet``: nothing of it is shown to the visitor, and nobody should ring them.

    Asked again, the alarm already given says so. Raises ``Unknown``, ``TooLate`` (visit-over).
    """
    visit = _mine(visit_id)
    how = How.DISCREET if discreet else How.HELP
    if visit.state == S.UNDER_WAY:
        _raise(visit, how, VISITOR)
        return visit
    # What was asked discreetly stays so: the telephone may be in other hands.
    if visit.how == How.SILENCE:
        visit.how = how
    visit.said_at = now()
    visit.save(update_fields=["how", "said_at"])
    body = {"how": how.value, "alerted": list(map(str, visit.alerted))}
    act("visit.raise", subject=(SUBJECT, visit.pk), person_id=visit.person_id, body=body)
    _tell(visit)
    return visit


@verb
def raise_silent(visit_id: UUID) -> None:
    """The time said is past without a word: the alarm is given (job). Raises ``TooLate`` when a word came meanwhile."""
    visit = Visit.objects.select_for_update().filter(pk=visit_id).first()
    if visit is None or visit.state != S.UNDER_WAY or visit.alarm_at > now():
        raise TooLate(_("La visite est finie ou prolongée."), code="visit-over")
    _raise(visit, How.SILENCE, PLATFORM)


@verb
def widen(visit_id: UUID) -> None:
    """Nobody has taken the alarm: it reaches more colleagues (job). Raises ``TooLate`` when somebody just has."""
    visit = Visit.objects.select_for_update().filter(pk=visit_id).first()
    if visit is None or visit.state != S.RAISED or visit.circle >= LARGEST_CIRCLE:
        raise TooLate(SOMEBODY_WAS_FIRST, code="alarm-taken")
    visit.circle += 1
    visit.save(update_fields=["circle"])
    visit.refresh_from_db(fields=["alerted"])
    body = {"circle": visit.circle, "alerted": list(map(str, visit.alerted))}
    act("visit.widen", subject=(SUBJECT, visit.pk), person_id=visit.person_id, body=body)
    publish(ALARM, visit.pk)


@verb
def take(visit_id: UUID) -> None:
    """Take charge of an alarm: one does, the others see who. Raises ``Unknown``, ``TooLate`` (state-changed)."""
    visit = _alarm(visit_id)
    LIFE.check(S.RAISED, S.TAKEN, [ALERTED])
    move(
        Visit.objects.all(),
        visit.pk,
        [S.RAISED],
        S.TAKEN,
        late=SOMEBODY_WAS_FIRST,
        taken_by=human(),
        taken_at=now(),
    )
    act("visit.take", subject=(SUBJECT, visit.pk), person_id=visit.person_id)
    publish(ALARM, visit.pk)


@verb
def take_over(visit_id: UUID, from_account: UUID) -> None:
    """Take charge in the place of ``from_account``, who is not there any more. Raises as ``take``."""
    visit = _alarm(visit_id)
    LIFE.check(S.TAKEN, S.TAKEN, [ALERTED])
    move(
        Visit.objects.filter(taken_by=from_account),
        visit.pk,
        [S.TAKEN],
        S.TAKEN,
        late=SOMEBODY_WAS_FIRST,
        taken_by=human(),
        taken_at=now(),
    )
    body = {"from": str(from_account)}
    act("visit.take_over", subject=(SUBJECT, visit.pk), person_id=visit.person_id, body=body)
    publish(ALARM, visit.pk)


@verb
def close(visit_id: UUID, finding: str, found: str) -> None:
    """Close an alarm one has taken, and say what was found.

    Raises ``Unknown``, ``NotYours`` (alarm-not-yours), ``Refused``: unknown-finding, empty, too-long, state-forbidden.
    """
    visit = _alarm(visit_id)
    if finding not in Visit.Finding.values:
        raise Refused(_("Choisissez ce qui s’est passé."), code="unknown-finding", field="finding")
    words = written(found, "found", LONGEST, _("Écrivez en une phrase ce que vous avez constaté."))
    LIFE.check(visit.state, S.CLOSED, [TAKER])
    if visit.taken_by != human():
        raise NotYours(_("Quelqu’un d’autre s’occupe de cette alarme."), code="alarm-not-yours")
    mine = Visit.objects.filter(taken_by=human())
    late = SOMEBODY_WAS_FIRST
    move(mine, visit.pk, [S.TAKEN], S.CLOSED, late=late, finding=finding, closed_at=now())
    visit.found = words
    visit.save(update_fields=["found"])
    act("visit.close", subject=(SUBJECT, visit.pk), person_id=visit.person_id, body={"finding": finding})
    publish(ALARM, visit.pk)


@verb
def read(visit_id: UUID) -> Visit:
    """Open an alarm: the look is written. Raises ``Unknown`` for whoever it does not reach."""
    visit = _alarm(visit_id)
    look("visit.alarm_read", subject=(SUBJECT, visit.pk), person_id=visit.person_id)
    return visit


def _raise(visit: Visit, how: Visit.How, kind: str) -> None:
    LIFE.check(visit.state, S.RAISED, [kind])
    visit.state, visit.how, visit.raised_at = S.RAISED, how, now()
    if kind == VISITOR:
        visit.said_at = visit.raised_at
    visit.save(update_fields=["state", "how", "raised_at", "said_at"])
    # Chosen by the database as the row was written.
    visit.refresh_from_db(fields=["alerted", "circle"])
    body = {"how": how.value, "alerted": list(map(str, visit.alerted))}
    act("visit.raise", subject=(SUBJECT, visit.pk), person_id=visit.person_id, body=body)
    publish(ALARM, visit.pk)


def _mine(visit_id: UUID) -> Visit:
    """One's own visit, locked: the job that raises the alarm waits, or is over."""
    visit = Visit.objects.select_for_update().filter(pk=visit_id, account_id=human()).first()
    if visit is None:
        raise Unknown(_("Cette visite n’est pas la vôtre."), code="visit-unknown")
    if visit.out_at is not None or visit.closed_at is not None:
        raise TooLate(_("Cette visite est déjà finie."), code="visit-over")
    return visit


def _alarm(visit_id: UUID) -> Visit:
    visit = Visit.objects.filter(pk=visit_id).exclude(account_id=human()).first()
    if visit is None:
        raise Unknown(_("Cette alarme n’existe pas ou ne vous est pas envoyée."), code="alarm-unknown")
    return visit


def _tell(visit: Visit) -> None:
    """Those who answer an alarm hear each word of the visitor; without an alarm, nobody does."""
    if visit.state in (S.RAISED, S.TAKEN):
        publish(ALARM, visit.pk)
