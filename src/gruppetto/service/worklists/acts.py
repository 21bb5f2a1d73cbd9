"""What can be done to many interventions at once: each is a verb of the interventions, nothing more is allowed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.kernel.errors import Refused
from gruppetto.registry.coverage.reads import today, worker_of
from gruppetto.service.interventions import verbs
from gruppetto.service.interventions.models import Intervention, Note
from gruppetto.service.interventions.states import STEPS

# « À qui suit chaque portefeuille aujourd’hui », in place of an account.
HOLDER = "titulaire"
Arguments = Mapping[str, str]


@dataclass(frozen=True)
class Act:
    """``code``: in the address. ``steps``: the verbs of the table it takes; none when any state will do.

    ``needs``: its arguments, all required. ``undone``: can it be put back? ``run``: does it to one intervention.
    """

    code: str
    label: Promise | str
    done: Promise | str
    icon: str
    run: Callable[[Intervention, Arguments], Any]
    steps: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    undone: bool = True
    ability: str = "work_interventions"

    def allowed(self, state: str) -> bool:
        """Does the table allow it from this state, to somebody?"""
        return not self.steps or any((step, state) in STEPS for step in self.steps)

    def check(self, arguments: Arguments) -> dict[str, str]:
        """The arguments, stripped. Raises ``Refused`` on the first that is missing or impossible."""
        found = {name: arguments.get(name, "").strip()[:4000] for name in self.needs}
        for name, value in found.items():
            if not value:
                raise Refused(str(MISSING[name]), code=f"{name}-missing", field=name)
        return found


MISSING = {
    "account": gettext_lazy("Choisissez à qui confier ces demandes."),
    "why": gettext_lazy("Dites pourquoi : la personne peut le demander."),
    "awaited": gettext_lazy("Dites qui ou quoi est attendu."),
    "text": gettext_lazy("Écrivez la note."),
    "day": gettext_lazy("Dites jusqu’à quel jour."),
}


def _assign(one: Intervention, given: Arguments) -> Any:
    if given["account"] != HOLDER:
        return verbs.assign(one.pk, UUID(given["account"]), given["why"])
    worker = worker_of(one.portfolio_id, today())
    if worker.account_id is None:
        raise Refused(worker.why, code="nobody-works-it", field="account")
    return verbs.assign(one.pk, worker.account_id, given["why"])


def _wait(one: Intervention, given: Arguments) -> Any:
    return verbs.wait(one.pk, given["awaited"], given["why"])


def _put_aside(one: Intervention, given: Arguments) -> Any:
    return verbs.snooze(one.pk, date.fromisoformat(given["day"]), given["why"])


ACTS: dict[str, Act] = {
    act.code: act
    for act in (
        Act(
            "confier",
            gettext_lazy("Confier à quelqu’un"),
            gettext_lazy("confiées"),
            "person-check",
            _assign,
            steps=("assign",),
            needs=("account", "why"),
            ability="assign_interventions",
        ),
        Act(
            "commencer",
            gettext_lazy("Commencer"),
            gettext_lazy("commencées"),
            "play-circle",
            lambda one, given: verbs.start(one.pk),
            steps=("start",),
        ),
        Act(
            "attendre",
            gettext_lazy("Mettre en attente de quelqu’un"),
            gettext_lazy("mises en attente"),
            "hourglass-split",
            _wait,
            steps=("wait_person",),
            needs=("awaited", "why"),
        ),
        Act(
            "reprendre",
            gettext_lazy("Reprendre"),
            gettext_lazy("reprises"),
            "arrow-repeat",
            lambda one, given: verbs.resume(one.pk, given["why"]),
            steps=("resume",),
            needs=("why",),
        ),
        Act(
            "cote",
            gettext_lazy("Mettre de côté jusqu’à un jour"),
            gettext_lazy("mises de côté"),
            "pause-circle",
            _put_aside,
            steps=("assign",),
            needs=("day", "why"),
        ),
        Act(
            "noter",
            gettext_lazy("Écrire la même note interne"),
            gettext_lazy("annotées"),
            "pencil-square",
            lambda one, given: verbs.note(one.pk, Note.For.US, given["text"]),
            needs=("text",),
            undone=False,
        ),
    )
}


def act_of(code: str) -> Act:
    """The act of that code. Raises ``Refused`` (act-unknown)."""
    if code not in ACTS:
        raise Refused(_("Choisissez ce qu’il faut faire."), code="act-unknown", field="act")
    return ACTS[code]
