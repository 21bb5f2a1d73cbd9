"""Reasons, help lines and distress guides as their files describe them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gruppetto.service.catalogue.content import refuse_if_any
from gruppetto.service.catalogue.sheets import Sheet
from gruppetto.service.catalogue.vocabulary import LineChannel, ProtectedRecord

PHONE_NUMBER = re.compile(r"\d{2,4}|116\s\d{3}|0\s\d{3}(\s\d{3}){2}")


@dataclass(frozen=True)
class SubReasonEntry:
    """A finer reason; ``protected``: seen only by those who may see protected records."""

    code: str
    label: str
    protected: bool


@dataclass(frozen=True)
class ReasonEntry:
    """Why a person contacts us; ``repeat_days``: the same reason again within this many days is a repeat."""

    code: str
    label: str
    hint: str
    shortcut: str
    repeat_days: int
    complaint: bool
    protected: bool
    sub_reasons: tuple[SubReasonEntry, ...]

    @classmethod
    def from_sheet(cls, sheet: Sheet) -> ReasonEntry:
        """Read one reason; errors go to the sheet."""
        reason = cls(
            code=sheet.code("code"),
            label=sheet.text("label", longest=80),
            hint=sheet.text("hint", longest=120),
            shortcut=sheet.text("shortcut", longest=1),
            repeat_days=sheet.number("repeat_days", least=1, most=365),
            complaint=sheet.flag("complaint"),
            protected=sheet.flag("protected"),
            sub_reasons=tuple(_sub_reason(one) for one in sheet.sheets("sub_reasons")),
        )
        sheet.done()
        return reason


def _sub_reason(sheet: Sheet) -> SubReasonEntry:
    entry = SubReasonEntry(sheet.code("code"), sheet.text("label", longest=80), sheet.flag("protected"))
    sheet.done()
    return entry


@dataclass(frozen=True)
class LineEntry:
    """A number of the distress panel, as dialled and read."""

    code: str
    number: str
    label: str
    purpose: str
    channel: LineChannel
    checked_by: str
    checked_on: date | None

    @classmethod
    def from_sheet(cls, sheet: Sheet) -> LineEntry:
        """Read one help line; errors go to the sheet."""
        line = cls(
            code=sheet.code("code"),
            number=sheet.text("number", longest=20),
            label=sheet.text("label", longest=80),
            purpose=sheet.text("purpose", longest=120),
            channel=sheet.one_of("channel", LineChannel, required=False) or LineChannel.CALL,
            checked_by=sheet.text("checked_by", required=False, longest=120),
            checked_on=sheet.day("checked_on"),
        )
        sheet.expect(
            bool(PHONE_NUMBER.fullmatch(line.number)), "number", "un numéro comme « 15 » est attendu"
        )
        sheet.expect(
            bool(line.checked_by) is bool(line.checked_on),
            "checked_by",
            "le nom et la date du contrôle vont ensemble",
        )
        sheet.done()
        return line


@dataclass(frozen=True)
class Guide:
    """What to do for somebody in distress, step by step; ``key`` opens it, ``sign`` is how one notices."""

    code: str
    label: str
    key: str
    sign: str
    steps: tuple[str, ...]
    say: tuple[str, ...]
    never: tuple[str, ...]
    help_lines: tuple[str, ...]
    protected_record: ProtectedRecord
    hidden_from_relatives: bool
    hidden_from_staff_concerned: bool
    checked_by: str
    checked_on: date | None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], where: str) -> Guide:
        """Read one guide. Raises Refused with every error."""
        errors: list[str] = []
        guide = cls.from_sheet(Sheet(data, where, errors))
        refuse_if_any(errors, where)
        return guide

    @classmethod
    def from_sheet(cls, sheet: Sheet) -> Guide:
        """Read one guide; errors go to the sheet."""
        record = sheet.one_of("protected_record", ProtectedRecord)
        guide = cls(
            code=sheet.code("code"),
            label=sheet.text("label", longest=80),
            key=sheet.text("key", longest=1),
            sign=sheet.text("sign", longest=200),
            steps=sheet.texts("steps", least=1),
            say=sheet.texts("say", least=1),
            never=sheet.texts("never", least=1),
            help_lines=sheet.codes("help_lines"),
            protected_record=record or ProtectedRecord.DANGER,
            hidden_from_relatives=sheet.flag("hidden_from_relatives"),
            hidden_from_staff_concerned=sheet.flag("hidden_from_staff_concerned"),
            checked_by=sheet.text("checked_by", required=False, longest=120),
            checked_on=sheet.day("checked_on"),
        )
        sheet.expect(bool(guide.help_lines), "help_lines", "au moins un numéro d’aide est attendu")
        sheet.expect(
            bool(guide.checked_by) is bool(guide.checked_on),
            "checked_by",
            "le nom et la date du contrôle vont ensemble",
        )
        sheet.done()
        return guide
