"""An article of knowledge as its file describes it, read strictly: one list of errors for the whole file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gruppetto.service.catalogue.content import refuse_if_any
from gruppetto.service.catalogue.sheets import Sheet
from gruppetto.service.catalogue.vocabulary import SubDomain

LONGEST_SENTENCE = 25
MOST_SECTIONS = 6
MOST_LINKS = 6
LONGEST_SECTION = 900
# Words of offices, which people do not use; beside each, nothing: say it otherwise.
JARGON = (
    *("abonder", "allocataire", "ayant droit", "bordereau", "cerfa", "déclaratif", "dématérialis"),
    *("diligenter", "éligib", "instruction du dossier", "nonobstant", "notification"),
    *("pièce justificative", "récépissé", "susmentionné", "télédéclar", "téléservice", "usager"),
)
_STOPS = re.compile(r"[.!?:;»]+(?:\s|$)|\n")


@dataclass(frozen=True)
class Section:
    """A short part under its own title. ``text``: paragraphs, or lines of a list that begin with « - »."""

    title: str
    text: str

    @property
    def blocks(self) -> tuple[str | tuple[str, ...], ...]:
        """In order: a paragraph (text) or a list (its lines), as the page shows them."""
        found: list[str | tuple[str, ...]] = []
        for part in re.split(r"\n\s*\n", self.text):
            words: list[str] = []
            items: list[str] = []
            for line in filter(None, (one.strip() for one in part.splitlines())):
                if line.startswith("- "):
                    items.append(line[2:].strip())
                elif items:
                    items[-1] += f" {line}"
                else:
                    words.append(line)
            found += [" ".join(words)] if words else []
            found += [tuple(items)] if items else []
        return tuple(found)


@dataclass(frozen=True)
class Article:
    """What to know to answer on one subject; ``kinds``: the kinds of request it serves, empty when general.

    ``see_also`` names other articles; the link is shown both ways. ``seen_on``: the date printed on the copy of the
    source that was read; ``checked_by`` and ``checked_on`` belong to a human.
    """

    code: str
    title: str
    summary: str
    words: tuple[str, ...]
    sub_domain: SubDomain | None
    kinds: tuple[str, ...]
    sections: tuple[Section, ...]
    see_also: tuple[str, ...]
    source_url: str
    seen_on: date | None
    checked_by: str
    checked_on: date | None
    version: int = 0

    @property
    def checked(self) -> bool:
        """False shows « à vérifier » on every screen."""
        return self.checked_on is not None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], where: str, *, version: int = 0) -> Article:
        """Read one article; ``where`` names it in messages. Raises Refused (catalogue-invalid) with every error."""
        errors: list[str] = []
        sheet = Sheet(data, f"{where} : ", errors)
        article = cls(
            code=sheet.code("code"),
            title=sheet.text("title", longest=80),
            summary=sheet.text("summary", longest=200),
            words=sheet.texts("words", least=3),
            sub_domain=sheet.one_of("sub_domain", SubDomain, required=False),
            kinds=sheet.codes("kinds"),
            sections=tuple(_section(one) for one in sheet.sheets("sections", least=1)),
            see_also=sheet.codes("see_also"),
            source_url=sheet.url("source_url"),
            seen_on=sheet.day("seen_on"),
            checked_by=sheet.text("checked_by", required=False, longest=120),
            checked_on=sheet.day("checked_on"),
            version=version,
        )
        _rules(article, sheet)
        sheet.done()
        refuse_if_any(errors, where)
        return article


def _section(sheet: Sheet) -> Section:
    section = Section(sheet.text("title", longest=80), sheet.text("text", longest=LONGEST_SECTION))
    for key, text in (("title", section.title), ("text", section.text)):
        for error in unplain(text):
            sheet.expect(False, key, error)
    sheet.done()
    return section


def _rules(article: Article, sheet: Sheet) -> None:
    sheet.expect(
        len(article.sections) <= MOST_SECTIONS, "sections", f"au plus {MOST_SECTIONS} parties sont attendues"
    )
    sheet.expect(len(article.see_also) <= MOST_LINKS, "see_also", f"au plus {MOST_LINKS} liens sont attendus")
    sheet.expect(article.code not in article.see_also, "see_also", "un article ne renvoie pas à lui-même")
    sheet.expect(
        bool(article.checked_by) is bool(article.checked_on),
        "checked_by",
        "le nom et la date du contrôle vont ensemble",
    )
    for key in ("title", "summary"):
        for error in unplain(getattr(article, key)):
            sheet.expect(False, key, error)


def unplain(text: str) -> Iterator[str]:
    """What keeps a text from being plain: sentences too long, words of offices; as sentences for whoever writes."""
    for sentence in _STOPS.split(text.replace("\u00a0", " ")):
        if (count := len(sentence.split())) > LONGEST_SENTENCE:
            begun = " ".join(sentence.split()[:6])
            yield f"« {begun}… » : {count} mots, au plus {LONGEST_SENTENCE} sont attendus ; coupez la phrase"
    for word in JARGON:
        if word in text.lower():
            yield f"« {word} » : un mot de tous les jours est attendu"
