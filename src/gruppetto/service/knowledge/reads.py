"""Questions about knowledge; the number of queries is fixed and said."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.clock import PARIS
from gruppetto.kernel.errors import Unknown
from gruppetto.kernel.search.text import sort_key
from gruppetto.service.catalogue.reads import EMPTY_WORDS, in_force
from gruppetto.service.knowledge.article import Article as Content
from gruppetto.service.knowledge.models import ArticleVersion, Rating, VainSearch

MOST_WORDS = 8
LONGEST_SEARCH = 200
FIRST = 20

# Articles already read, by version and check: what was published never changes (walls).
_parsed: dict[tuple[UUID, str, date | None], Content] = {}


@dataclass(frozen=True)
class Link:
    """An article in a list: enough to lead to it."""

    code: str
    title: str
    summary: str


@dataclass(frozen=True)
class Page:
    """An article as it is read: with its links both ways, and what staff think of it."""

    article: Content
    version: ArticleVersion
    see_also: tuple[Link, ...]
    useful: int
    useless: int
    mine: bool | None


def article_in_force(code: str, at: datetime) -> Content:
    """The article ``code`` as it is at ``at``; raises ``Unknown`` (unknown-article). One query."""
    return parsed(_version(code, at))


def page_of(code: str, at: datetime, account_id: UUID) -> Page:
    """Everything that the page of an article shows. Four queries; raises ``Unknown``."""
    version = _version(code, at)
    rates = {
        row["useful"]: row["n"]
        for row in Rating.objects.filter(version=version).values("useful").annotate(n=Count("id")).order_by()
    }
    mine = Rating.objects.filter(version=version, account_id=account_id).values_list("useful", flat=True)
    around = Q(article_id__in=version.see_also) | Q(see_also__contains=[code])
    return Page(
        article=parsed(version),
        version=version,
        see_also=_links(ArticleVersion.objects.filter(in_force(at)).filter(around).order_by("title", "id")),
        useful=rates.get(True, 0),
        useless=rates.get(False, 0),
        mine=mine.first(),
    )


def articles_for(kinds: Collection[str], at: datetime) -> tuple[Link, ...]:
    """The articles that serve one of these kinds, by title. One query."""
    rows = ArticleVersion.objects.filter(in_force(at), kinds__overlap=list(kinds))
    return _links(rows.order_by("title", "id"))


def articles(at: datetime) -> QuerySet[ArticleVersion]:
    """All the articles in force, by title."""
    return ArticleVersion.objects.filter(in_force(at)).order_by("title", "id")


def asked(text: str) -> list[str]:
    """The words that count in what was typed, without accents, little words and figures; at most eight."""
    words = re.findall(r"[a-z]+", re.sub(r"\S*\d\S*", " ", sort_key(text[:LONGEST_SEARCH])))
    return [word for word in dict.fromkeys(words) if len(word) > 1 and word not in EMPTY_WORDS][:MOST_WORDS]


def search(text: str, at: datetime, limit: int = FIRST) -> tuple[Link, ...]:
    """Articles with all the words typed, begun or whole, best first. One query; none for an empty text."""
    return _found(asked(text), " & ", at, limit)


def near(text: str, at: datetime, limit: int = FIRST) -> tuple[Link, ...]:
    """Articles with one of the words typed, when none has them all. One query."""
    return _found([word for word in asked(text) if len(word) > 3], " | ", at, limit)


def _found(words: list[str], joined: str, at: datetime, limit: int) -> tuple[Link, ...]:
    if not words:
        return ()
    # Only letters come out of ``asked``: nothing typed can be read as an operator.
    stems = [re.sub(r"(?<=[a-z]{3})[sx]$", "", word) for word in words]
    query = SearchQuery(joined.join(f"{stem}:*" for stem in stems), config="simple", search_type="raw")
    rows = ArticleVersion.objects.filter(in_force(at), search=query).annotate(
        rank=SearchRank(F("search"), query)
    )
    return _links(rows.order_by("-rank", "title", "id")[:limit])


def most_read(at: datetime, limit: int = 5) -> tuple[Link, ...]:
    """The articles read the most since the first of the month, among those in force. One query."""
    month = at.astimezone(PARIS).date().replace(day=1)
    rows = ArticleVersion.objects.filter(in_force(at), article__readings__month=month)
    return _links(rows.order_by("-article__readings__times", "title", "id")[:limit])


def vain_searches() -> QuerySet[VainSearch]:
    """What was searched in vain and nobody settled yet, the most frequent first."""
    return VainSearch.objects.filter(settled_at=None).order_by("-times", "-id")


def parsed(version: ArticleVersion) -> Content:
    """The content of a version, read once."""
    key = (version.pk, version.checked_by, version.checked_on)
    if key not in _parsed:
        check = {"checked_by": version.checked_by, "checked_on": version.checked_on}
        _parsed[key] = Content.from_dict(
            {**version.content, **check}, version.article_id, version=version.number
        )
    return _parsed[key]


def _version(code: str, at: datetime) -> ArticleVersion:
    version = ArticleVersion.objects.filter(in_force(at), article_id=code).first()
    if version is None:
        raise Unknown(_("Cet article n’existe pas."), code="unknown-article")
    return version


def _links(rows: QuerySet[ArticleVersion]) -> tuple[Link, ...]:
    found = rows.values_list("article_id", "title", "content__summary")
    return tuple(Link(code, title, summary or "") for code, title, summary in found)
