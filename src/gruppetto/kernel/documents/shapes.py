"""What each template is given: plain text throughout, already worded for the reader (dates, amounts, phones)."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class House(TypedDict):
    """Who writes: the name, and the one number to call, as printed ("05 67 00 00 00")."""

    name: str
    phone: str


class Signature(TypedDict):
    """Who signs and as what."""

    name: str
    role: NotRequired[str]


class _Paper(TypedDict):
    """Common to all papers. ``title``: also the title of the file. ``proof``: code printed at the foot."""

    title: str
    house: NotRequired[House]
    reference: NotRequired[str]
    proof: NotRequired[str]


class Letter(_Paper):
    """A letter by post. ``recipient``: the lines of the address, at most six, placed for a window envelope.

    ``paragraphs``: one idea each. ``to_do``: None leaves the box out; no lines says "Vous n'avez rien à faire."
    """

    recipient: list[str]
    place_and_date: str
    greeting: str
    paragraphs: list[str]
    closing: str
    signature: Signature
    to_do: NotRequired[list[str] | None]
    enclosed: NotRequired[list[str]]


class Recap(_Paper):
    """What was said on the phone: the three sentences read aloud before hanging up, and what to prepare."""

    recipient: list[str]
    place_and_date: str
    greeting: str
    called_on: str
    asked: list[str]
    done: list[str]
    next: list[str]
    to_do: NotRequired[list[str] | None]
    signature: Signature


class Row(TypedDict):
    """One line of a day sheet. ``until``: deadline as printed. ``helps``: what helps or frightens the person."""

    time: NotRequired[str]
    name: str
    phone: NotRequired[str]
    address: NotRequired[str]
    what: str
    next: NotRequired[str]
    until: NotRequired[str]
    helps: NotRequired[str]
    reference: NotRequired[str]


class Section(TypedDict):
    """A part of the day."""

    title: str
    rows: list[Row]


class DaySheet(_Paper):
    """The day of one member of staff on paper, for an outage. ``ticks``: words beside each row's boxes."""

    owner: str
    day: str
    printed_at: str
    sections: list[Section]
    ticks: NotRequired[list[str]]
    numbers: NotRequired[list[tuple[str, str]]]
