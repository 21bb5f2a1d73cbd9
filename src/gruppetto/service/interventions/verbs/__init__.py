"""What can happen to an intervention: each verb is one transaction, an intervention or a refusal."""

from gruppetto.service.interventions.verbs.answering import (
    answer,
    attempt,
    close,
    confirm,
    give_up_confirming,
    reopen,
)
from gruppetto.service.interventions.verbs.opening import open_intervention
from gruppetto.service.interventions.verbs.papers import attach, set_paper
from gruppetto.service.interventions.verbs.working import assign, cancel, note, resume, spend, start, wait

__all__ = [
    "answer",
    "assign",
    "attach",
    "attempt",
    "cancel",
    "close",
    "confirm",
    "give_up_confirming",
    "note",
    "open_intervention",
    "reopen",
    "resume",
    "set_paper",
    "spend",
    "start",
    "wait",
]
