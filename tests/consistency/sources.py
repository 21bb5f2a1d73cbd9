"""The project as text: Python trees, templates, and every French sentence that is shown to somebody."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.template.base import Lexer, TokenType

from gruppetto.cli.places import PACKAGE, PROJECT

MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.*"))
TESTS = PROJECT / "tests"
LITERAL = re.compile(r"""_\((?:"([^"]*)"|'([^']*)')\)""")
CODE = re.compile(r"""^(?:desk|door|detail|list|[a-z-]+="[a-z-]+"|\?[a-z]+=)$""")
TRANSLATE = re.compile(r"""^trans(?:late)?\s+(?:"([^"]*)"|'([^']*)')""")


@dataclass(frozen=True)
class Sentence:
    """A text somebody reads, and where it is written."""

    text: str
    where: str

    def __str__(self) -> str:
        return f"{self.where}: « {self.text} »"


# Of the migrations, only walls are written by hand.
WRITTEN_BY_DJANGO = re.compile(r"/migrations/\d{4}_(?!.*walls)")


def place(path: Path, line: int = 0) -> str:
    """``src/gruppetto/…/forms.py:12``."""
    return f"{path.relative_to(PROJECT)}:{line}" if line else str(path.relative_to(PROJECT))


@cache
def trees(tests: bool = False) -> dict[Path, ast.Module]:
    """Every Python file of the product (or of its tests), parsed; what Django wrote for migrations is left out."""
    root = TESTS if tests else PACKAGE
    return {
        path: ast.parse(path.read_text())
        for path in sorted(root.rglob("*.py"))
        if not WRITTEN_BY_DJANGO.search(str(path))
    }


def name_of(node: ast.expr) -> str:
    """``time.sleep`` of a call or an attribute, as it is written."""
    if isinstance(node, ast.Attribute):
        return f"{name_of(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Each call with the name of what is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield name_of(node.func), node


@cache
def sentences() -> tuple[Sentence, ...]:
    """Every text marked for translation, in Python and in templates."""
    return (*_of_python(), *_of_templates())


def _of_python() -> Iterator[Sentence]:
    for path, tree in trees().items():
        for called, node in calls(tree):
            if called.rsplit(".", 1)[-1] in MARKS:
                for argument in node.args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield Sentence(argument.value, place(path, argument.lineno))


def _of_templates() -> Iterator[Sentence]:
    for path in TEMPLATES:
        block: list[str] | None = None
        for token in Lexer(path.read_text()).tokenize():
            where = place(path, token.lineno or 0)
            if token.token_type == TokenType.BLOCK and token.contents.startswith("endblocktrans"):
                yield Sentence(re.sub(r"[ \n]+", " ", "".join(block or ())).strip(), where)
                block = None
            elif token.token_type == TokenType.BLOCK and token.contents.startswith("blocktrans"):
                block = []
            elif block is not None:
                block.append("%s" if token.token_type != TokenType.TEXT else token.contents)
            elif token.token_type in (TokenType.BLOCK, TokenType.VAR):
                if found := TRANSLATE.match(token.contents):
                    yield Sentence(found[1] or found[2] or "", where)
                for double, single in LITERAL.findall(token.contents):
                    yield Sentence(double or single, where)


def bare_text(path: Path) -> Iterator[Sentence]:
    """Words of a template that no tag translates: between its elements, or in an attribute that is read aloud."""
    text = path.read_text()
    out, hidden, begun = [], False, False
    for token in Lexer(text).tokenize():
        contents = token.contents
        if token.token_type == TokenType.BLOCK and re.match(r"(?:comment|blocktrans)", contents):
            hidden = True
        elif token.token_type == TokenType.BLOCK and re.match(r"end(?:comment|blocktrans)", contents):
            hidden = False
        # {% block view %}detail{% endblock %} fills an attribute of the frame.
        code = begun and CODE.match(contents)
        begun = token.token_type == TokenType.BLOCK and not contents.startswith("end")
        # A tag inside an element must not end it; what it gives back is not bare.
        read = token.token_type == TokenType.TEXT and not hidden and not code
        out.append(contents if read else "\n" * contents.count("\n"))
    html = "".join(out)
    html = re.sub(
        r"<(script|style)\b.*?</\1>|<!--.*?-->", lambda m: "\n" * m[0].count("\n"), html, flags=re.S
    )
    for found in re.finditer(r"""\b(?:alt|title|placeholder|aria-label|data-label)=["']([^"']*)["']""", html):
        yield from _words(found[1], path, html.count("\n", 0, found.start()) + 1)
    flat = re.sub(r"<[^>]*>", lambda m: "\n" * m[0].count("\n"), html, flags=re.S)
    for number, shown in enumerate(flat.splitlines(), start=1):
        yield from _words(shown, path, number)


def _words(shown: str, path: Path, line: int) -> Iterator[Sentence]:
    if re.search(r"[^\W\d_]{2,}", re.sub(r"&\w+;", "", shown)):
        yield Sentence(shown.strip(), place(path, line))
