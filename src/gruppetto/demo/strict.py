"""A page that uses an unknown variable fails instead of showing nothing: for ``demo-check``, not for a demo."""

from __future__ import annotations

VARIABLE = "GRUPPETTO_DEMO_STRICT"


class UnknownVariable(Exception):
    """A template used a variable that its context does not have."""


class Said(str):
    """What the template engine puts in place of an unknown variable; naming it raises."""

    __slots__ = ()

    def __contains__(self, item: object) -> bool:
        return True

    def __mod__(self, missing: object) -> str:
        raise UnknownVariable(str(missing))


def make_templates_strict() -> None:
    """From now on, in this process; before the first template is read."""
    from django.conf import settings

    options: dict[str, object] = settings.TEMPLATES[0]["OPTIONS"]  # type: ignore[assignment]  # what it is
    options["string_if_invalid"] = Said()
