"""An unknown variable in a template is an error, not an empty text."""

from __future__ import annotations


class UndefinedVariable(AssertionError):
    """A template used a variable that its context does not have."""


class Undefined(str):
    """What Django puts in place of an unknown variable; naming it raises."""

    __slots__ = ()

    def __contains__(self, item: object) -> bool:
        return True

    def __mod__(self, missing: object) -> str:
        raise UndefinedVariable(str(missing))
