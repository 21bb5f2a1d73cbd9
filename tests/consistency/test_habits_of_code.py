"""Habits: one clock, one chance, no wait, no swallowed error, small files, tests that hold still."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from gruppetto.cli.places import PACKAGE, PROJECT
from tests.consistency.sources import TESTS, calls, name_of, place, trees
from tests.consistency.telling import nothing

# Where the time of the wall is meant: the clock itself, what runs outside Django, the demo's play, peers on the wire.
WALL = re.compile(
    r"^src/gruppetto/(?:kernel/clock\.py|launcher/|cli/|demo/|gateways/telephony/(?:sending|management/))"
)
TIMES = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now", "time.time"}
# A moment said in a zone, or kept under that name.
LOCAL = re.compile(r"\.astimezone\([^()]+(\(.*\))?\)$|^local$")
CHANCE = {"random", "uuid.uuid1", "uuid.uuid4", "uuid4", "uuid1"}
# Draws that must not be guessed, from the system's generator.
DRAWS = re.compile(
    r"^src/gruppetto/(?:demo/|launcher/|registry/people/identity/checks\.py|gateways/telephony/sending\.py)"
)
FILE, TEST_FILE = 400, 600
# What a stranger reads and runs alone, with nothing of ours beside it, is one file whatever it holds (ADR 0015).
ALONE = {"src/gruppetto/kernel/journal/verifier.py": 570}
JUDGES = re.compile(r"assert|raises$|warns$|fail$|^check_")


def product(tests: bool = False) -> Iterator[tuple[str, ast.Module]]:
    for path, tree in trees(tests).items():
        yield place(path), tree


def test_the_time_comes_from_the_clock() -> None:
    nothing(
        [
            f"{path}:{node.lineno}: {called}"
            for path, tree in product()
            if not WALL.match(path)
            for called, node in calls(tree)
            if called in TIMES or called.endswith((".datetime.now", ".date.today"))
        ],
        "from gruppetto.kernel.clock import now, today:",
    )


def test_the_day_of_a_moment_is_the_day_it_is_in_france() -> None:
    """From midnight to two o'clock, the day in UTC, that of what is read from the database, is the day before."""
    nothing(
        [
            f"{path}:{node.lineno}: {ast.unparse(node)}"
            for path, tree in product()
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "date"
            and not node.args
            and not LOCAL.search(ast.unparse(node.func.value))
        ],
        "from gruppetto.kernel.clock import day_of:",
    )


def test_chance_is_passed_in_or_drawn_by_secrets() -> None:
    found = []
    for path, tree in product():
        if DRAWS.match(path):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "random":
                found.append(f"{path}:{node.lineno}: random")
            if isinstance(node, ast.Import) and any(name.name == "random" for name in node.names):
                found.append(f"{path}:{node.lineno}: random")
        found += [f"{path}:{node.lineno}: {called}" for called, node in calls(tree) if called in CHANCE]
    nothing(found, "ids by kernel.identifiers.new_id, secrets by secrets; games by a Random passed in:")


def test_nothing_sleeps() -> None:
    nothing(
        [
            f"{path}:{node.lineno}"
            for path, tree in product()
            if not WALL.match(path)
            for called, node in calls(tree)
            if called == "time.sleep"
        ],
        "wait for what is awaited (an Event, a lock, the queue), never for the clock:",
    )
    nothing(
        [
            f"{path}:{node.lineno}: {called}"
            for path, tree in product(tests=True)
            for called, node in calls(tree)
            if called in ("time.sleep", "asyncio.sleep") or called.endswith(".wait_for_timeout")
        ],
        "a test waits for what it awaits (expect, wait_for, join), never for the clock:",
    )


def test_no_error_is_swallowed() -> None:
    """Ruff's BLE001 watches too; where everything must be caught, its ``noqa`` says why."""
    found = []
    for path, tree in [*product(), *product(tests=True)]:
        lines = (PROJECT / path).read_text().splitlines()
        for node in ast.walk(tree):
            if not isinstance(node, ast.ExceptHandler) or "noqa: BLE001  (" in lines[node.lineno - 1]:
                continue
            names = (
                {name_of(n) for n in ast.walk(node.type) if isinstance(n, ast.Name)} if node.type else {""}
            )
            again = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
            if names & {"", "Exception", "BaseException"} and not again:
                found.append(f"{path}:{node.lineno}")
    nothing(found, "name the error that is expected; let the others be seen:")


def test_a_rule_never_says_no_by_false() -> None:
    """A verb raises ``Refused`` with its sentence; False is only for questions."""
    found = []
    for path, tree in product():
        if "/verbs" not in path:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and any(name_of(d) == "verb" for d in node.decorator_list):
                found += [
                    f"{path}:{inner.lineno}: {node.name}"
                    for inner in ast.walk(node)
                    if isinstance(inner, ast.Return)
                    and isinstance(inner.value, ast.Constant)
                    and inner.value.value is False
                ]
    nothing(found, "raise Refused(_(…), code=…):")


def test_no_default_is_computed_once() -> None:
    """``def f(at=now())`` is frozen at import: it broke a neighbour's signatures for years (style)."""
    found = [
        f"{path}:{node.lineno}: {node.name}"
        for path, tree in product()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for default in [*node.args.defaults, *node.args.kw_defaults]
        if isinstance(default, ast.Call) and name_of(default.func) in ("now", "today", "new_id", "clock.now")
    ]
    nothing(found, "None, then computed inside:")


def test_no_test_empties_the_database_nor_reruns_nor_hides() -> None:
    found = []
    for path, tree in product(tests=True):
        text = (PROJECT / path).read_text()
        if path.endswith("consistency/test_habits_of_code.py"):
            continue
        found += [
            f"{path}: {w}" for w in re.findall(r"\b(?:TransactionTestCase|LiveServerTestCase|flaky)\b", text)
        ]
        for called, node in calls(tree):
            words = {word.arg: word.value for word in node.keywords}
            if called.endswith("mark.django_db") and "transaction" in words:
                found.append(f"{path}:{node.lineno}: django_db(transaction=True)")
            if called.endswith(("mark.skip", "mark.skipif", "mark.xfail", "pytest.skip")) and not (
                node.args or words
            ):
                found.append(f"{path}:{node.lineno}: {called} without a reason")
    nothing(found, "commits are for the fixture `committed` (a throw-away copy); a skip says why:")


def test_every_test_can_fail() -> None:
    found = []
    for path, tree in product(tests=True):
        helpers = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and judges(n, set())}
        helpers |= {
            name.asname or name.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("tests.", "hypothesis"))
            for name in node.names
        }
        found += [
            f"{path}:{node.lineno}: {node.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef)
            and node.name.startswith("test_")
            and not judges(node, helpers)
        ]
    nothing(found, "a test that cannot fail proves nothing:")


def judges(function: ast.FunctionDef, helpers: set[str]) -> bool:
    """Does it assert, expect a refusal or a page, or hand over to something that does?"""
    for node in ast.walk(function):
        if isinstance(node, ast.Assert | ast.Raise):
            return True
        if isinstance(node, ast.Call):
            called = name_of(node.func)
            method = node.func.attr if isinstance(node.func, ast.Attribute) else called
            if called in helpers or JUDGES.search(called) or method.startswith("to_"):
                return True
    return False


def test_files_are_small_rooms() -> None:
    found = []
    for tests, most in ((False, FILE), (True, TEST_FILE)):
        for path in trees(tests):
            length = len(path.read_text().splitlines())
            if length > ALONE.get(place(path), most):
                found.append(f"{place(path)}: {length} lines")
    nothing(found, f"look for the second room inside (at most {FILE} lines, tests {TEST_FILE}):")


def test_every_folder_of_tests_is_a_package() -> None:
    """Without ``__init__.py`` a folder such as ``secrets`` takes the place of Python's own module."""
    folders = {path.parent for path in TESTS.rglob("*.py")}
    nothing([place(f) for f in folders if not (f / "__init__.py").exists()], "add an empty __init__.py:")


def test_no_note_to_oneself_is_left() -> None:
    notes = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
    found = [
        f"{place(path)}:{number}"
        for root in (PACKAGE, TESTS, PROJECT / "scripts")
        for path in root.rglob("*.py")
        if path.name != "test_habits_of_code.py"
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if notes.search(line)
    ]
    nothing(found, "finish it, or open an issue:")
