"""What is promised until the back office says otherwise (ten minutes at a counter: requirement Q31)."""

from __future__ import annotations

from collections.abc import Mapping

from gruppetto.kernel.calendars import Amount, days, minutes
from gruppetto.service.catalogue.vocabulary import BUSINESS_DAYS, URGENT_BUSINESS_HOURS, Grade
from gruppetto.service.contacts.models import Contact

Channel = Contact.Channel

# How soon somebody of ours first speaks or writes to the person, on the channels that are open from the first day.
FIRST: Mapping[str, Amount] = {
    Channel.PHONE: minutes(3),
    Channel.COUNTER: minutes(10),
    Channel.EMAIL: days(2),
    Channel.LETTER: days(5),
}


def answer(grade: str, *, urgent: bool) -> Amount:
    """The delay of the answer by grade: what the catalogue says when no commitment does."""
    return minutes(60 * URGENT_BUSINESS_HOURS) if urgent else days(BUSINESS_DAYS[Grade(grade)])
