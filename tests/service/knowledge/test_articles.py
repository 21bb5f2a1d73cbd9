"""The files of articles: read strictly, every error named, plain French; the folder we ship is sound."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from gruppetto.kernel.errors import Refused
from gruppetto.service.catalogue.files import read_catalogue
from gruppetto.service.knowledge.article import Article
from gruppetto.service.knowledge.files import CONTENT, read_library

KINDS = {kind.code for kind in read_catalogue().kinds}
LIBRARY = read_library(KINDS)
ONE = "waiting-for-a-health-card"

each_article = pytest.mark.parametrize("article", LIBRARY.articles, ids=lambda one: one.code)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(CONTENT, tmp_path / "content")
    return tmp_path / "content"


@pytest.fixture
def errors_with(folder: Path) -> Callable[[str, str], list[str]]:
    """What the reader says when ``before`` is replaced in the example."""

    def read(before: str, after: str) -> list[str]:
        path = folder / "articles" / f"{ONE}.toml"
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), "utf-8")
        with pytest.raises(Refused) as refused:
            read_library(KINDS, folder)
        errors = refused.value.facts["errors"]
        assert isinstance(errors, list)
        return errors

    return read


@pytest.mark.parametrize(
    ("before", "after", "error"),
    [
        ('title = "Se', 'titre = "Se', "title : un texte est attendu, il manque"),
        ('title = "Se', 'titre = "Se', "titre : clé inconnue"),
        ("health-card-renewal", "no-such-kind", "kinds : « no-such-kind » n’existe pas"),
        ("source_url =", 'see_also = ["no-such"]\nsource_url =', "see_also : « no-such » n’existe pas"),
        ("source_url =", f'see_also = ["{ONE}"]\nsource_url =', "un article ne renvoie pas à lui-même"),
        ("source_url =", 'checked_by = "Anne"\nsource_url =', "le nom et la date du contrôle vont ensemble"),
        ("https://www", "http://www", "source_url : une adresse https:// est attendue"),
        ("2025-03-20", '"hier"', "seen_on : une date AAAA-MM-JJ est attendue"),
        ("Les droits", "Les droits de l'usager", "« usager » : un mot de tous les jours est attendu"),
        ("Les droits restent", "Les droits " + "bien " * 22 + "restent", "au plus 25 sont attendus"),
        ('code = "waiting', 'code = "other', f"code : « {ONE} », comme le nom du fichier, est attendu"),
        ("[[sections]]", "[[sections", "ce n’est pas un fichier TOML lisible"),
    ],
)
def test_a_wrong_file_is_refused_with_what_is_expected(
    errors_with: Callable[[str, str], list[str]], before: str, after: str, error: str
) -> None:
    errors = errors_with(before, after)
    assert any(error in one for one in errors), errors
    assert all(one.startswith(f"articles/{ONE}.toml : ") for one in errors)


def test_a_text_is_shown_as_paragraphs_and_lists() -> None:
    data = dict(LIBRARY.data[ONE]) | {
        "sections": [
            {"title": "T", "text": "Un début\nsur deux lignes :\n- un ;\n- deux\n  et demi.\n\nUne fin."}
        ]
    }
    (section,) = Article.from_dict(data, ONE).sections
    assert section.blocks == (
        "Un début sur deux lignes\u00a0:",
        ("un\u00a0;", "deux et demi."),
        "Une fin.",
    )


@each_article
def test_an_article_is_worked_and_nothing_is_invented(article: Article) -> None:
    assert (article.checked_by, article.checked_on) == ("", None)
    written = (CONTENT / "articles" / f"{article.code}.toml").read_text("utf-8")
    if article.seen_on is not None:
        assert written.startswith("# seen_on : date printed on the copy of the source that was read.\n")
        assert article.seen_on < date(2026, 11, 22)
    assert len(article.sections) >= 2
    shown = " ".join((article.title, article.summary, *(one.text for one in article.sections)))
    assert "'" not in shown
    assert not re.search(r" [?!:;»]|« |\*\*|\]\(|https?:", shown)


def test_the_command_says_what_is_wrong(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_knowledge", "--check", folder=folder)
    assert f"{len(LIBRARY.articles)} articles, no error" in capsys.readouterr().out
    (folder / "articles" / "bad.toml").write_text("x = 1", "utf-8")
    with pytest.raises(CommandError, match=r"bad\.toml : x : clé inconnue"):
        call_command("load_knowledge", "--check", folder=folder)
