"""The one way to say no to a user."""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):
    """A rule of the domain says no; nothing was changed.

    ``message``: the sentence the user reads (plain French, already translated or lazy).
    ``code``: stable kebab-case code that can be given on the phone and tested.
    ``field``: name of the form field concerned, else None. ``facts``: identifiers and figures
    for the journal, never personal data. ``status``: HTTP status a desk answers with.
    """

    status = 422

    def __init__(
        self,
        message: object,
        *,
        code: str,
        field: str | None = None,
        facts: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(str(message))
        self.message = message
        self.code = code
        self.field = field
        self.facts = dict(facts or {})


class NotYours(Refused):
    """The thing exists, but this actor may not do that to it."""

    status = 403


class Unknown(Refused):
    """There is no such thing for this actor (a stranger cannot tell it from absence)."""

    status = 404


class TooLate(Refused):
    """Somebody else was first: the state is no longer the one the user saw."""

    status = 409
