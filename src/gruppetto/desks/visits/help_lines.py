"""The numbers of the distress panel that bring help to a place."""

from __future__ import annotations

from datetime import datetime

from gruppetto.service.catalogue.models import HelpLine
from gruppetto.service.catalogue.reads import help_lines_in_force

RESCUE = ("police", "samu", "europe", "deaf")


def rescue(at: datetime) -> list[HelpLine]:
    """Police, doctors, all rescues, and the one that is written to; in the order of the panel. One query."""
    return list(help_lines_in_force(at).filter(code__in=RESCUE))
