"""What persons are told of their requests by themselves: a new date, an answer, a paper that is missing."""

from __future__ import annotations

from uuid import UUID

from gruppetto.kernel.clock import now
from gruppetto.kernel.jobs.queue import every, job
from gruppetto.registry.people.models import Channel, Person
from gruppetto.service.interventions.models import Intervention, State
from gruppetto.service.interventions.verbs.steps import name_of
from gruppetto.service.messages.verbs import prepare
from gruppetto.service.notices import delays, papers

# Whoever prefers the telephone, or a letter, hears of the answer by the call that is owed at once.
AT_ONCE = (Channel.SMS, Channel.EMAIL)


@job("notices.near")
def near(subject_id: str, **fact: object) -> None:
    """A promise is about to be broken."""
    delays.tell_it_takes_longer(UUID(subject_id))


@job("notices.moved")
def moved(subject_id: str, **fact: object) -> None:
    """A promise was moved later."""
    delays.tell_it_moved(UUID(subject_id))


@every("notices.again", "5,15,25,35,45,55 * * * *")
def again() -> None:
    """A date told in a waiting message will not do either: the person is told before it passes."""
    for key in delays.about_to_pass(now()):
        delays.tell_it_takes_longer(key)


@job("notices.answered")
def answered(subject_id: str, **fact: object) -> None:
    """There is an answer: say so by the way the person prefers (Q17)."""
    intervention = Intervention.objects.get(pk=subject_id)
    if intervention.state != State.ANSWERED:
        return
    preferred = Person.objects.values_list("preferred_channel", flat=True).get(pk=intervention.subject_id)
    if preferred in AT_ONCE:
        prepare(
            intervention.subject_id,
            kind="answered",
            key=f"answered:{intervention.pk}:{intervention.reopened}",
            facts={
                "reference": intervention.reference,
                "title": intervention.title,
                "worker": name_of(intervention.worker_id),
            },
            intervention_id=intervention.pk,
        )


@every("notices.chase_papers", "15 7 * * 1-6")
def chase_papers() -> None:
    """Ask again for what is missing."""
    for key in papers.to_chase(now()):
        papers.chase(key)
