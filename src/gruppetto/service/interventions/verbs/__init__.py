"""What can happen to an intervention: each verb is one transaction, an intervention or a refusal."""

from gruppetto.service.interventions.verbs.answering import (
    answer,
    attempt,
    close,
    confirm,
    give_up_confirming,
    reopen,
)
from gruppetto.service.interventions.verbs.changing import change_kind, change_urgency
from gruppetto.service.interventions.verbs.correcting import correct
from gruppetto.service.interventions.verbs.handing_on import accept, decline, hand_on, withdraw
from gruppetto.service.interventions.verbs.joining import link, merge, split, unlink, unmerge
from gruppetto.service.interventions.verbs.opening import open_intervention
from gruppetto.service.interventions.verbs.papers import attach, set_paper
from gruppetto.service.interventions.verbs.putting_aside import snooze, wake
from gruppetto.service.interventions.verbs.telling import follow, read_notice, read_notices, unfollow
from gruppetto.service.interventions.verbs.working import (
    assign,
    cancel,
    note,
    resume,
    spend,
    start,
    wait,
    wait_for_papers,
)

__all__ = [
    "accept",
    "answer",
    "assign",
    "attach",
    "attempt",
    "cancel",
    "change_kind",
    "change_urgency",
    "close",
    "confirm",
    "correct",
    "decline",
    "follow",
    "give_up_confirming",
    "hand_on",
    "link",
    "merge",
    "note",
    "open_intervention",
    "read_notice",
    "read_notices",
    "reopen",
    "resume",
    "set_paper",
    "snooze",
    "spend",
    "split",
    "start",
    "unfollow",
    "unlink",
    "unmerge",
    "wait",
    "wait_for_papers",
    "wake",
    "withdraw",
]
