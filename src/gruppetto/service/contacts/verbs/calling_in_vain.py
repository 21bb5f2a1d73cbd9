"""A call back given up after two tries (Q5): we write to whom we know, a supervisor decides for a number unknown."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.rows import UNASSIGNED
from gruppetto.kernel.actors import human, verb
from gruppetto.kernel.clock import PARIS, now
from gruppetto.kernel.errors import TooLate, Unknown
from gruppetto.kernel.journal import act
from gruppetto.kernel.outbox import publish
from gruppetto.registry.people.models import Person, Phone
from gruppetto.service.contacts import events
from gruppetto.service.contacts.models import CallBack
from gruppetto.service.contacts.verbs.calling_back import SUBJECT, owe_call_back
from gruppetto.service.messages.verbs import prepare
from gruppetto.service.messages.ways import in_writing


@verb
def write_instead(call_back_id: UUID) -> None:
    """Prepare the message that replaces a call back given up; one a day for a person. Twice changes nothing.

    An answer to confirm has its own letter. For a number that nobody known is sure to have, nothing is written: it
    stays in the supervisor's list (``settle_given_up``).
    """
    owed = CallBack.objects.filter(pk=call_back_id, state=CallBack.State.GIVEN_UP).first()
    if owed is None or owed.why == CallBack.Why.CONFIRM or owed.done_at is None:
        return
    person = _whose(owed)
    if person is None:
        return
    if owed.subject_id is None:
        CallBack.objects.filter(pk=owed.pk).update(
            person_id=person.pk, portfolio_id=person.portfolio_id, department=person.department
        )
    if person.died_on is None:
        prepare(
            person.pk,
            kind="call-back-in-vain",
            key=f"call-back-in-vain:{person.pk}:{owed.done_at.astimezone(PARIS).date()}",
            facts={},
            channel=in_writing(person),
        )
        act(
            "call_back.written",
            subject=(SUBJECT, owed.pk),
            person_id=person.pk,
            portfolio_id=person.portfolio_id,
        )
    publish(events.CALL_BACK_CHANGED, owed.pk)


def _whose(owed: CallBack) -> Person | None:
    """The person called, else the only one whose number it is, if we follow them."""
    if owed.subject_id is not None:
        return Person.objects.filter(pk=owed.subject_id).first()
    owners = Phone.objects.filter(number=owed.number, ended_at=None).values_list("subject_id", flat=True)
    if len(found := set(owners[:2])) != 1:
        return None
    return Person.objects.filter(pk=found.pop(), merged_into=None).exclude(portfolio_id=UNASSIGNED).first()


@verb
def settle_given_up(call_back_id: UUID, *, again: bool = False) -> CallBack:
    """What a supervisor decides of a number that never answered: nothing more, or ``again`` two tries from now on.

    Raises ``Unknown``; ``TooLate`` (call-back-settled).
    """
    given_up = CallBack.objects.filter(pk=call_back_id, state=CallBack.State.GIVEN_UP, subject_id=None)
    settled = given_up.filter(settled_at=None).update(settled_by=human(), settled_at=now())
    owed = given_up.first()
    if owed is None:
        raise Unknown(_("Ce rappel n’est pas dans cette liste."), code="call-back-unknown")
    if not settled:
        raise TooLate(_("Un collègue l’a déjà réglé."), code="call-back-settled")
    act(
        "call_back.settled", subject=(SUBJECT, owed.pk), portfolio_id=owed.portfolio_id, body={"again": again}
    )
    if again:
        owe_call_back(CallBack.Why.PROMISED, contact_id=owed.contact_id, number=owed.number)
    publish(events.CALL_BACK_CHANGED, owed.pk)
    return owed
