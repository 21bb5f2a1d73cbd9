"""Tables of this room: what is said, how it leaves, what comes back, what it costs, in which words."""

from gruppetto.service.messages.models.codes import Code
from gruppetto.service.messages.models.costs import Budget, Price, Spending
from gruppetto.service.messages.models.message import Message
from gruppetto.service.messages.models.sending import DeadEnd, Delivery, LetterBatch, Report
from gruppetto.service.messages.models.wording import TextRequest, TextVersion

__all__ = [
    "Budget",
    "Code",
    "DeadEnd",
    "Delivery",
    "LetterBatch",
    "Message",
    "Price",
    "Report",
    "Spending",
    "TextRequest",
    "TextVersion",
]
