"""Letters and sheets on paper, as PDF that a screen reader reads as well (PDF/UA-1, by Typst)."""

from gruppetto.kernel.documents.rendering import Attachment, render
from gruppetto.kernel.documents.shapes import DaySheet, House, Letter, Recap, Row, Section, Signature

__all__ = [
    "Attachment",
    "DaySheet",
    "House",
    "Letter",
    "Recap",
    "Row",
    "Section",
    "Signature",
    "render",
]
