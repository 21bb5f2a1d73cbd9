"""Every word shown to somebody is marked: other languages come without touching the code."""

from __future__ import annotations

import ast

from tests.consistency.sources import MARKS, TEMPLATES, bare_text, calls, place, trees
from tests.consistency.telling import nothing

REFUSALS = {"Refused", "NotYours", "Unknown", "TooLate", "ValidationError"}
LABELS = {
    "label",
    "help_text",
    "verbose_name",
    "verbose_name_plural",
    "violation_error_message",
    "empty_label",
}
# Read by those who run the house, in English: its settings and its command line.
FOR_OPERATORS = ("src/gruppetto/cli/", "src/gruppetto/launcher/", "src/gruppetto/settings/")

# Rows of invented people, not labels of forms.
INVENTED = "src/gruppetto/demo/"


def test_no_template_has_bare_words() -> None:
    pages = [path for path in TEMPLATES if path.suffix in (".html", ".txt")]
    assert len(pages) > 50
    nothing(
        (sentence for path in pages for sentence in bare_text(path)),
        'put it in {% translate "…" %} or {% blocktranslate %}:',
    )


def test_no_refusal_has_a_bare_sentence() -> None:
    found = []
    for path, tree in trees().items():
        if place(path).startswith(FOR_OPERATORS):
            continue
        for called, node in calls(tree):
            if called.rsplit(".", 1)[-1] in REFUSALS and node.args and bare(node.args[0]):
                found.append(place(path, node.lineno))
    nothing(found, 'the sentence of a refusal is read by somebody: _("…"):')


def test_no_label_is_bare() -> None:
    found = []
    for path, tree in trees().items():
        if place(path).startswith((*FOR_OPERATORS, INVENTED)) or path.name == "apps.py":
            continue
        for _called, node in calls(tree):
            found += [
                f"{place(path, word.value.lineno)}: {word.arg}"
                for word in node.keywords
                if word.arg in LABELS and bare(word.value)
            ]
    nothing(found, 'a label is read by somebody: _("…"):')


def test_a_marked_text_is_a_plain_literal() -> None:
    """``_(f"…")`` and ``_("…" % x)`` are found by no translator: put the values in after."""
    found = [
        place(path, node.lineno)
        for path, tree in trees().items()
        for called, node in calls(tree)
        if called in MARKS and node.args and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
    ]
    nothing(found, 'mark the text, then fill it: _("… %(name)s …") % {"name": name}:')


def bare(node: ast.expr) -> bool:
    """A text, or one put together on the spot, that nobody marked."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and any(c.isalpha() for c in node.value)
    return isinstance(node, ast.JoinedStr)
