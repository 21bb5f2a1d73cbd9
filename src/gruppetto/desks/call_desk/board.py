"""What every page of the call desk has at its left: the line, what one has under way, what we owe."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gruppetto.desks.shared.looks import CALLER, CHANNEL, Look
from gruppetto.registry.people.reads import display_names
from gruppetto.service.contacts import reads
from gruppetto.service.contacts.models import Contact, LineCall
from gruppetto.service.contacts.states import ANSWERED, RINGING, TAKEN

Recognition = LineCall.Recognition

RECOGNISED: dict[str, Look] = {
    Recognition.KNOWN: CALLER["known"],
    Recognition.SEVERAL: Look(_("Numéro partagé"), "info", "people"),
    Recognition.RELATIVE: Look(_("Numéro d’un proche"), "info", "person-heart"),
    Recognition.SEEN: Look(_("Numéro déjà vu"), "neutral", "clock-history"),
    Recognition.UNKNOWN: CALLER["unknown"],
    Recognition.WITHHELD: CALLER["withheld"],
}

STATES: dict[str, Look] = {
    RINGING: Look(_("Sonne"), "warning", "telephone-inbound-fill"),
    ANSWERED: Look(_("Décroché, à prendre"), "warning", "telephone-inbound-fill"),
    TAKEN: Look(_("En ligne"), "good", "telephone-fill"),
    Contact.State.WRAPPING: Look(_("À conclure"), "info", "pencil-square"),
    Contact.State.MISSED: Look(_("Manqué"), "danger", "telephone-x-fill"),
    Contact.State.DONE: Look(_("Terminé"), "neutral", "check2"),
}


@dataclass(frozen=True)
class Call:
    """A call on the line; its looks are those of its state and of who calls (``templatetags/line.py``)."""

    row: reads.LineRow

    @property
    def waits(self) -> bool:
        """Does somebody still have to take it?"""
        return self.row.call.state in (RINGING, ANSWERED)


@dataclass(frozen=True)
class UnderWay:
    """A contact in one's hands: whom it is about as far as one knows."""

    contact: Contact
    name: str
    channel: Look
    state: Look


@dataclass(frozen=True)
class Board:
    """The left of the desk."""

    calls: list[Call]
    mine: list[UnderWay]
    owed: int
    here: UUID | None
    quiet: bool

    @property
    def query(self) -> str:
        """What the pane asks for when it is read again alone."""
        return f"?contact={self.here}" if self.here else "?calme=1" if self.quiet else ""

    @property
    def waiting(self) -> int:
        """How many calls somebody must still take."""
        return sum(call.waits for call in self.calls)


def board(here: UUID | None = None, *, quiet: bool = False) -> Board:
    """Read the left of the desk: 5 queries.

    ``here``: the contact on the screen. ``quiet``: the page has something else to do first than take a call.
    """
    rows, under_way = reads.line(), reads.mine()
    names = display_names(one.subject_id for one in under_way if one.subject_id)
    return Board(
        calls=[Call(row) for row in rows if not row.mine or row.call.state in (RINGING, ANSWERED)],
        mine=[
            UnderWay(
                one,
                names.get(one.subject_id, "") if one.subject_id else "",
                CHANNEL[one.channel],
                STATES[one.state],
            )
            for one in under_way
        ],
        owed=reads.call_backs_owed(),
        here=here,
        quiet=quiet or here is not None,
    )
