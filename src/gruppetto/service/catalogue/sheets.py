"""Strict reading of one table of a content file: every wrong key is noted with what is expected there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from django.db.models import TextChoices

Vocabulary = TypeVar("Vocabulary", bound=TextChoices)
# What an answer must be for something to apply: question id → accepted answers; all must hold.
Condition = Mapping[str, tuple[str, ...]]

KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_THIN_PAIRS = re.compile(r" (?=[?!:;»€])|(?<=«) ")


def typeset(text: str) -> str:
    """French typography: curved apostrophes, and no line may begin with « ? ! : ; »."""
    return _THIN_PAIRS.sub("\u00a0", text.replace("'", "’"))


class Sheet:
    """A table being read; reading a key takes it out, so that ``done`` can name the unknown ones.

    ``errors`` is shared by all sheets of a file: « file : key : what is expected ».
    """

    def __init__(self, data: object, where: str, errors: list[str]) -> None:
        self.where, self.errors = where, errors
        if not isinstance(data, Mapping):
            self._say("", "un tableau de clés est attendu")
            data = {}
        self._left: dict[str, Any] = dict(data)

    def _say(self, key: str, expected: str) -> None:
        self.errors.append(f"{self._path(key)} : {expected}")

    def _path(self, key: str) -> str:
        if not key:
            return self.where
        return f"{self.where}{key}" if self.where.endswith(" : ") else f"{self.where}.{key}"

    def expect(self, holds: bool, key: str, expected: str) -> None:
        """Note an error on ``key`` unless the rule ``holds``."""
        if not holds:
            self._say(key, expected)

    def text(self, key: str, *, required: bool = True, longest: int = 600) -> str:
        """A text, trimmed and typeset; "" when absent and not required."""
        value = self._left.pop(key, "")
        if not isinstance(value, str):
            self._say(key, "un texte est attendu")
            return ""
        value = value.strip()
        self.expect(bool(value) or not required, key, "un texte est attendu, il manque")
        self.expect(len(value) <= longest, key, f"au plus {longest} caractères sont attendus")
        return typeset(value)

    def code(self, key: str, shape: re.Pattern[str] = KEBAB) -> str:
        """A stable code of the given shape."""
        value = self._left.pop(key, "")
        if isinstance(value, str) and shape.fullmatch(value):
            return value
        wanted = (
            "des mots anglais reliés par « _ »" if shape is SNAKE else "des mots anglais reliés par « - »"
        )
        self._say(key, f"un code est attendu, {wanted}")
        return ""

    def url(self, key: str) -> str:
        """An https address, or "" when there is none."""
        value = self._left.pop(key, "")
        if value == "" or (isinstance(value, str) and value.startswith("https://")):
            return value
        self._say(key, "une adresse https:// est attendue")
        return ""

    def one_of(self, key: str, vocabulary: type[Vocabulary], *, required: bool = True) -> Vocabulary | None:
        """A word of a closed list."""
        value = self._left.pop(key, None)
        if value is None and not required:
            return None
        if value in vocabulary.values:
            return vocabulary(value)
        self._say(key, f"un de ces mots est attendu : {', '.join(vocabulary.values)}")
        return None

    def many_of(self, key: str, vocabulary: type[Vocabulary]) -> tuple[Vocabulary, ...]:
        """Words of a closed list, each once."""
        found = []
        for value in self._items(key):
            if value in vocabulary.values and vocabulary(value) not in found:
                found.append(vocabulary(value))
            else:
                self._say(
                    key, f"{value!r} est inconnu ou répété ; mots possibles : {', '.join(vocabulary.values)}"
                )
        return tuple(found)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false."""
        value = self._left.pop(key, default)
        if isinstance(value, bool):
            return value
        self._say(key, "true ou false est attendu")
        return default

    def number(self, key: str, *, least: int, most: int, default: int | None = None) -> int:
        """A whole number within bounds; required when there is no ``default``."""
        value = self._left.pop(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self._say(key, f"un nombre entier de {least} à {most} est attendu")
        return least

    def day(self, key: str) -> date | None:
        """A date (TOML date, or ISO text once stored), None when absent."""
        value = self._left.pop(key, None)
        if value in (None, ""):
            return None
        if type(value) is date:
            return value
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        self._say(key, "une date AAAA-MM-JJ est attendue")
        return None

    def texts(self, key: str, *, least: int = 0) -> tuple[str, ...]:
        """A list of texts, at least ``least``."""
        values = []
        for value in self._items(key):
            if isinstance(value, str) and value.strip():
                values.append(typeset(value.strip()))
            else:
                self._say(key, "chaque élément doit être un texte")
        self.expect(len(values) >= least, key, f"au moins {least} texte(s) attendu(s)")
        return tuple(values)

    def codes(self, key: str) -> tuple[str, ...]:
        """A list of kebab-case codes, each once."""
        values = tuple(self._items(key))
        good = all(isinstance(value, str) and KEBAB.fullmatch(value) for value in values)
        self.expect(
            good and len(set(values)) == len(values), key, "une liste de codes différents est attendue"
        )
        return values if good else ()

    def sheet(self, key: str) -> Sheet:
        """A required table inside this one."""
        return Sheet(self._left.pop(key, None), self._path(key), self.errors)

    def sheets(self, key: str, *, least: int = 0) -> list[Sheet]:
        """A list of tables, at least ``least``; numbered from 1 in messages."""
        values = self._items(key)
        self.expect(len(values) >= least, key, f"au moins {least} tableau(x) attendu(s)")
        return [Sheet(value, f"{self._path(key)}[{n}]", self.errors) for n, value in enumerate(values, 1)]

    def spoken(self, key: str) -> list[Sheet]:
        """One text, or several with conditions: always read as a list of ``{say, shows_if}``."""
        value = self._left.get(key)
        if isinstance(value, str):
            self._left[key] = [{"say": value}]
        return self.sheets(key, least=1)

    def condition(self, key: str = "shows_if") -> dict[str, tuple[str, ...]]:
        """``{question = "answer"}`` or ``{question = ["one", "other"]}``; empty = always."""
        value = self._left.pop(key, {})
        if not isinstance(value, Mapping):
            self._say(key, "une condition { question = [réponses] } est attendue")
            return {}
        read: dict[str, tuple[str, ...]] = {}
        for question, answers in value.items():
            accepted = (answers,) if isinstance(answers, str) else answers
            if isinstance(accepted, Sequence) and accepted and all(isinstance(a, str) for a in accepted):
                read[question] = tuple(accepted)
            else:
                self._say(f"{key}.{question}", "une réponse ou une liste de réponses est attendue")
        return read

    def done(self) -> None:
        """Every key must have been read."""
        for key in self._left:
            self._say(key, "clé inconnue")
        self._left = {}

    def _items(self, key: str) -> list[Any]:
        value = self._left.pop(key, [])
        if isinstance(value, list):
            return value
        self._say(key, "une liste est attendue")
        return []
