"""What a room must say of itself: who is in its tables, what its verbs mean, which jobs follow from its facts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.utils.translation import override
from procrastinate.contrib.django import app

from gruppetto.cli.places import PACKAGE
from gruppetto.kernel.journal import declared
from gruppetto.kernel.outbox.facts import _subscribers
from gruppetto.registry.people.holders import holders, undeclared
from tests.consistency.sources import calls, name_of, place, trees
from tests.consistency.telling import nothing

DOTTED = re.compile(r"^[a-z_]+(?:\.[a-z_]+)+$")
PERSONAL = {"name", "email", "phone", "address", "birth_date", "typed", "text", "words"}
# Without a person in a column of their own, but about people all the same.
MENTIONS = re.compile(r"^(?:email|phone|from_number|number|birth_date|family_name|given_names)$")


def test_every_table_with_a_person_is_in_the_register() -> None:
    nothing(undeclared(), "declare_rows(model, why=…, kept=…) in the privacy.py of the room:")


def test_the_register_says_why_and_how_long_in_french() -> None:
    with override("fr"):
        empty = [h.model._meta.label for h in holders() if not str(h.why).strip() or not str(h.kept).strip()]
    nothing(empty, "why and kept are read by the person:")


def test_every_room_that_holds_people_declares_them_in_its_own_privacy() -> None:
    """A lower floor never reaches up: each model is declared by its own room (the kernel's by the people room)."""
    wrong = []
    for path, tree in trees().items():
        if path.name != "privacy.py":
            continue
        room = ".".join(path.relative_to(PACKAGE.parent).parts[:3])
        imported = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
        models = [name for name in imported if name.endswith(".models")]
        wrong += [
            f"{place(path)}: {name}" for name in models if not name.startswith((room, "gruppetto.kernel"))
        ]
    nothing(wrong, "declared outside its room:")


def journaled() -> Iterator[tuple[str, str]]:
    """(verb, place) of each entry that Python or SQL writes."""
    for path, tree in trees().items():
        constants = {
            name_of(target): node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
        }
        for called, node in calls(tree):
            if called.split(".")[-1] in ("act", "look", "_note") and node.args:
                first = node.args[0]
                verb = first.value if isinstance(first, ast.Constant) else constants.get(name_of(first))
                if isinstance(verb, str) and DOTTED.match(verb):
                    yield verb, place(path, node.lineno)
    for path in PACKAGE.rglob("migrations/*_walls.py"):
        for found in re.finditer(r"journal\.note\('\w+', '([\w.]+)'", path.read_text()):
            yield found[1], place(path)


def test_every_verb_written_in_the_journal_is_declared() -> None:
    nothing(
        [f"{where}: {verb}" for verb, where in journaled() if verb not in declared()],
        'declare("room.verb", _("a fait …"), body_keys) in the events.py of the room:',
    )


def test_every_verb_declared_is_written_somewhere() -> None:
    text = "".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    # Names put together: f"intervention.{step}".
    stems = tuple(re.findall(r"""f["']([a-z_]+\.)\{""", text))
    unused = [
        verb
        for verb in declared()
        # Other tests of this process declare verbs of their own.
        if not verb.startswith(("test.", *stems))
        and len(re.findall(rf"""["']{re.escape(verb)}["']""", text)) < 2
    ]
    nothing(unused, "a verb that nothing writes: use it or remove it:")


def test_every_verb_has_words_for_people_in_the_third_person() -> None:
    """« Anne Roux *a pris l’appel* »: reads after a name."""
    with override("fr"):
        said = {verb.name: str(verb.said).strip() for verb in declared().values()}
    assert len(said) > 30
    nothing([f"{name}: « {words} »" for name, words in said.items() if not words], "without words:")
    nothing(
        [
            f"{name}: « {words} »"
            for name, words in said.items()
            if words and (words[0].isupper() or words[-1] == ".")
        ],
        "words follow a name: no capital, no full stop:",
    )
    twice = [words for words in said.values() if list(said.values()).count(words) > 1]
    nothing(set(twice), "two verbs with the same words:")


def test_no_body_of_the_journal_has_room_for_names_or_addresses() -> None:
    """Bodies hold identifiers and figures: a person is named by ``person_id``, and can be forgotten."""
    found = {verb.name: verb.body & PERSONAL for verb in declared().values() if verb.body & PERSONAL}
    nothing(
        [f"{name}: {', '.join(sorted(keys))}" for name, keys in found.items()],
        "personal data in the journal: an identifier instead:",
    )


def test_every_topic_leads_to_jobs_that_exist() -> None:
    app.perform_import_paths()
    nothing(
        [
            f"{topic} → {task}"
            for topic, tasks in _subscribers.items()
            for task in tasks
            if task not in app.tasks
        ],
        "no such job: @job(name) in the jobs.py of the room, imported from its apps.ready:",
    )


def test_every_topic_that_is_followed_is_published() -> None:
    published = set()
    for tree in trees().values():
        names = {
            name_of(target): node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
        }
        for called, node in calls(tree):
            if called.split(".")[-1] == "publish" and node.args:
                first = node.args[0]
                published.add(
                    first.value if isinstance(first, ast.Constant) else names.get(name_of(first), first)
                )
                if isinstance(first, ast.Name | ast.Attribute):
                    published.add(name_of(first).split(".")[-1])
    constants = {
        node.value.value: name_of(target)
        for tree in trees().values()
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
    }
    nothing(
        [topic for topic in _subscribers if topic not in published and constants.get(topic) not in published],
        "somebody waits for a topic that nobody publishes:",
    )


def test_arguments_of_jobs_are_identifiers_only() -> None:
    """A job's arguments are in clear in the queue: ``about`` of a fact carries ids and figures."""
    found = []
    for path, tree in trees().items():
        for called, node in calls(tree):
            if called.split(".")[-1] in ("publish", "enqueue"):
                found += [
                    f"{place(path, node.lineno)}: {w.arg}"
                    for w in node.keywords
                    if MENTIONS.match(w.arg or "")
                ]
    nothing(found, "an identifier instead:")


def test_every_room_is_a_folder_with_words_about_it() -> None:
    silent = []
    for config in apps.get_app_configs():
        if config.name.startswith("gruppetto."):
            for path in Path(config.path).glob("*.py"):
                tree = ast.parse(path.read_text())
                if tree.body and not ast.get_docstring(tree) and path.name not in ("apps.py", "__init__.py"):
                    silent.append(place(path))
    nothing(silent, "a file says in its first line what it is for:")
