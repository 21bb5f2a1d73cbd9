"""A content file with mistakes: each is named by file, key and what is expected there, all at once."""

from __future__ import annotations

import copy
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gruppetto.kernel.errors import Refused
from gruppetto.service.catalogue.content import Kind
from gruppetto.service.catalogue.files import CONTENT, as_json, read_catalogue

Content = dict[str, Any]
GOOD: Content = tomllib.loads((CONTENT / "kinds/bank-card-block.toml").read_text("utf-8"))


def errors_of(content: Content) -> list[str]:
    with pytest.raises(Refused) as refused:
        Kind.from_dict(content, "kinds/x.toml")
    assert refused.value.code == "catalogue-invalid"
    errors = refused.value.facts["errors"]
    assert isinstance(errors, list)
    return errors


def test_a_stored_kind_reads_as_its_file_does() -> None:
    assert Kind.from_dict(as_json(GOOD), "base") == Kind.from_dict(GOOD, "file")


def set_to(*path: str | int, value: Any) -> Callable[[Content], None]:
    def change(content: Content) -> None:
        inside: Any = content
        for step in path[:-1]:
            inside = inside[step]
        inside[path[-1]] = value

    return change


MISTAKES = {
    "no label": (set_to("label", value=""), "kinds/x.toml : label : un texte est attendu, il manque"),
    "label is a number": (set_to("label", value=3), "kinds/x.toml : label : un texte est attendu"),
    "code in French": (set_to("code", value="Opposition carte"), "code : un code est attendu"),
    "unknown domain": (
        set_to("domain", value="bank"),
        "domain : un de ces mots est attendu : public, private, health",
    ),
    "sub-domain of another domain": (set_to("sub_domain", value="tax"), "sub_domain : une partie du domaine"),
    "unknown grade": (set_to("grade", value="easy"), "grade : un de ces mots est attendu : simple"),
    "flag as text": (set_to("urgent", value="yes"), "urgent : true ou false est attendu"),
    "level too high": (
        set_to("identity_level", value=4),
        "identity_level : un nombre entier de 0 à 3 est attendu",
    ),
    "plain http": (
        set_to("source_url", value="http://x.fr"),
        "source_url : une adresse https:// est attendue",
    ),
    "no such day": (set_to("seen_on", value="2026-02-30"), "seen_on : une date AAAA-MM-JJ est attendue"),
    "check without a date": (
        set_to("checked_by", value="Alice"),
        "checked_by : le nom et la date du contrôle",
    ),
    "unknown act": (set_to("acts_allowed", value=["teleport"]), "acts_allowed : 'teleport' est inconnu"),
    "act allowed and forbidden": (
        set_to("acts_forbidden", value=["phone"]),
        "acts_forbidden : phone est à la fois permis et interdit",
    ),
    "act of a step not allowed": (
        set_to("steps", 0, "act", value="pay"),
        "steps[1].act : « pay » doit être dans acts_allowed",
    ),
    "unknown key": (set_to("colour", value="red"), "kinds/x.toml : colour : clé inconnue"),
    "unknown key inside": (
        set_to("questions", 0, "colour", value="red"),
        "questions[1].colour : clé inconnue",
    ),
    "question repeated": (
        set_to("questions", 1, "id", value="someone_asking"),
        "questions : « someone_asking » est répété",
    ),
    "question kind unknown": (
        set_to("questions", 0, "kind", value="essay"),
        "questions[1].kind : un de ces mots",
    ),
    "choice without choices": (
        set_to("questions", 1, "choices", value=[]),
        "questions[2].choices : au moins 2 tableau(x) attendu(s)",
    ),
    "condition on a later question": (
        set_to("questions", 0, "shows_if", value={"bank": "x"}),
        "questions[1].shows_if : « bank » n’est pas une question fermée posée avant",
    ),
    "condition on an impossible answer": (
        set_to("questions", 2, "shows_if", value={"what_happened": "eaten"}),
        "questions[3].shows_if.what_happened : « eaten » n’est pas une réponse possible",
    ),
    "paper without a reason": (
        set_to("papers", 0, "why", value=" "),
        "papers[1].why : un texte est attendu, il manque",
    ),
    "consequence without condition": (
        set_to("consequences", 0, "shows_if", value={}),
        "consequences[1].shows_if : une condition est attendue",
    ),
    "unknown variable": (
        set_to("read_back", "hears", value="À {whom} ?"),
        "read_back.hears[1] : la variable « whom » n’est pas une question",
    ),
    "variable reaching inside": (
        set_to("read_back", "hears", value="{person.__class__}"),
        "la variable « person.__class__ » n’est pas une question",
    ),
    "variable that may be missing": (
        set_to("read_back", "hears", value="{happened_on}."),
        "read_back.hears[1] : « happened_on » peut manquer, « unsaid » est attendu",
    ),
    "braces not in pairs": (
        set_to("read_back", "hears", value="{person"),
        "read_back.hears[1].say : des accolades",
    ),
    "nothing to say in the end": (
        set_to("read_back", "hears", value=[{"say": "Oui.", "shows_if": {"unknown_payments": "yes"}}]),
        "read_back.hears : la dernière phrase doit être sans condition",
    ),
    "outcome missing": (
        set_to("outcomes", value={"done": "Fait."}),
        "outcomes.partly : un texte est attendu",
    ),
    "questions are not a list": (set_to("questions", value="none"), "questions : une liste est attendue"),
    "a question is not a table": (
        set_to("questions", 0, value=3),
        "questions[1] : un tableau de clés est attendu",
    ),
}


@pytest.mark.parametrize(("change", "expected"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_with_what_is_expected(change: Callable[[Content], None], expected: str) -> None:
    content = copy.deepcopy(GOOD)
    change(content)
    assert any(expected in error for error in errors_of(content)), errors_of(content)


def test_all_mistakes_are_named_at_once() -> None:
    content = copy.deepcopy(GOOD)
    for change in (
        set_to("label", value=""),
        set_to("grade", value=1),
        set_to("questions", 0, "ask", value=""),
    ):
        change(content)
    assert [error.split(" : ")[1] for error in errors_of(content)] == ["label", "grade", "questions[1].ask"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(CONTENT, tmp_path / "content")
    return tmp_path / "content"


REFERENCES = {
    "reason": ("kinds/tax-return.toml", 'reason = "make-request"', 'reason = "taxes"', "reason : « taxes »"),
    "sub-reason": (
        "kinds/tax-return.toml",
        'sub_reason = "renewal"',
        'sub_reason = "move"',
        "sub_reason : « move »",
    ),
    "provider": ("kinds/tax-return.toml", '["dgfip"]', '["tax-office"]', "providers : « tax-office »"),
    "see also": (
        "kinds/tax-return.toml",
        '["housing-benefit"]',
        '["tax-return"]',
        "see_also : « tax-return »",
    ),
    "guide": (
        "kinds/bank-card-block.toml",
        'distress = "danger"',
        'distress = "fire"',
        "distress : « fire »",
    ),
    "kind": (
        "kinds/health-card-renewal.toml",
        '"bank-card-block"\ndistress',
        '"cards"\ndistress',
        "see_kind : « cards »",
    ),
    "help line": ("distress.toml", '["samu", "suicide",', '["nobody",', "suicide.help_lines : « nobody »"),
    "shortcut": ("reasons.toml", 'shortcut = "2"', 'shortcut = "1"', "reasons.shortcut : « 1 » est répété"),
    "file name": (
        "kinds/tax-return.toml",
        'code = "tax-return"',
        'code = "taxes"',
        "« tax-return », comme le nom",
    ),
    "not TOML": ("kinds/tax-return.toml", "code =", "code", "ce n’est pas un fichier TOML lisible"),
    "guide without a step": ("distress.toml", "never = [", "nevers = [", "guides[1].nevers : clé inconnue"),
    "number nobody can dial": (
        "help_lines.toml",
        '"3114"',
        '"trois"',
        "help_lines[6].number : un numéro comme",
    ),
}


@pytest.mark.parametrize(("name", "before", "after", "expected"), REFERENCES.values(), ids=REFERENCES.keys())
def test_what_files_say_of_one_another_is_checked(
    folder: Path, name: str, before: str, after: str, expected: str
) -> None:
    path = folder / name
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(Refused) as refused:
        read_catalogue(folder)
    assert expected in str(refused.value)
    assert name.removesuffix(".toml").rsplit("/", 1)[-1] in str(refused.value)


def test_an_eleventh_reason_is_refused(folder: Path) -> None:
    path = folder / "reasons.toml"
    more = '\n[[reasons]]\ncode = "more"\nlabel = "Encore"\nhint = "Trop."\nshortcut = "x"\nrepeat_days = 3\n'
    path.write_text(path.read_text("utf-8") + more, "utf-8")
    with pytest.raises(Refused, match="au plus 10 motifs"):
        read_catalogue(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "reasons.toml").unlink()
    with pytest.raises(Refused, match=r"reasons\.toml : ce fichier est attendu, il manque"):
        read_catalogue(folder)
