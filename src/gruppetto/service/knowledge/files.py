"""The folder of articles read as a whole: each file alone, then what the files say of one another and of kinds."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gruppetto.kernel.errors import Refused
from gruppetto.service.catalogue.content import refuse_if_any
from gruppetto.service.catalogue.files import as_json
from gruppetto.service.knowledge.article import Article

CONTENT = Path(__file__).parent / "content"


@dataclass(frozen=True)
class Library:
    """All the articles; ``data`` is what is stored, by code, dates as ISO text."""

    articles: tuple[Article, ...]
    data: Mapping[str, Mapping[str, Any]]


def read_library(kinds: Collection[str], folder: Path = CONTENT) -> Library:
    """Read every article of ``folder``; ``kinds``: the codes of the kinds of request there are.

    Raises Refused (catalogue-invalid) naming every error of every file.
    """
    errors: list[str] = []
    articles: list[Article] = []
    data: dict[str, Mapping[str, Any]] = {}
    for path in sorted((folder / "articles").glob("*.toml")):
        name = f"articles/{path.name}"
        try:
            read = tomllib.loads(path.read_text(encoding="utf-8"))
            article = Article.from_dict(read, name)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            errors.append(f"{name} : ce n’est pas un fichier TOML lisible ({error})")
            continue
        except Refused as refused:
            errors += refused.facts["errors"]  # type: ignore[arg-type]  # a list of str, put there by refuse_if_any
            continue
        if article.code != path.stem:
            errors.append(f"{name} : code : « {path.stem} », comme le nom du fichier, est attendu")
        articles.append(article)
        data[article.code] = as_json(read)
    for article in articles:
        for key, codes, known in (("kinds", article.kinds, kinds), ("see_also", article.see_also, data)):
            errors += [
                f"articles/{article.code}.toml : {key} : « {code} » n’existe pas"
                for code in codes
                if code not in known
            ]
    refuse_if_any(errors, folder.name)
    return Library(tuple(articles), data)
