"""What can happen to knowledge: files loaded, versions published, opinions given, searches in vain counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal
from gruppetto.kernel.access.accounts import acting_account
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.actors import human, verb
from gruppetto.kernel.clock import now, today
from gruppetto.kernel.errors import NotYours, Refused, Unknown
from gruppetto.kernel.identifiers import new_id
from gruppetto.service.catalogue import drafts
from gruppetto.service.catalogue.models import ANOTHER_CHECKS, Draft, KindVersion
from gruppetto.service.catalogue.reads import in_force
from gruppetto.service.catalogue.sheets import KEBAB
from gruppetto.service.knowledge.article import Article as Content
from gruppetto.service.knowledge.files import CONTENT, Library, read_library
from gruppetto.service.knowledge.models import Article, ArticleVersion, Rating, VainSearch

CHECK = ("checked_by", "checked_on")
DRAFT = "brouillon"

journal.declare("knowledge.loaded", _("a chargé les articles"), ("written", "kept"))
journal.declare("knowledge.checked", _("a vérifié un article"), ("code",))
journal.declare("knowledge.search_settled", _("a répondu à une recherche restée vaine"), ())


@verb
def load(at: datetime, folder: Path = CONTENT) -> tuple[int, int]:
    """Bring the articles of ``folder`` into force from ``at``: (written, kept). The catalogue is loaded before.

    A file is compared with the last version that came from a file: what people wrote since stays. Raises
    ``Refused`` (catalogue-invalid) with every error of the files.
    """
    kinds = set(KindVersion.objects.filter(published=True).values_list("kind_id", flat=True))
    return bring(read_library(kinds, folder), at)


@verb
def bring(library: Library, at: datetime) -> tuple[int, int]:
    """As ``load``, articles already read."""
    from_files: dict[str, ArticleVersion] = {}
    last: dict[str, int] = {}
    for version in ArticleVersion.objects.order_by("article_id", "number"):
        last[version.article_id] = version.number
        if version.created_by_id is None:
            from_files[version.article_id] = version
    written = 0
    for article in library.articles:
        content = _without_check(library.data[article.code])
        before = from_files.get(article.code)
        if before is not None and before.content == content:
            continue
        Article.objects.get_or_create(code=article.code)
        _close(article.code, at)
        ArticleVersion.objects.create(
            number=last.get(article.code, 0) + 1,
            valid_from=at,
            checked_by=article.checked_by,
            checked_on=article.checked_on,
            **_row(article.code, content),
        )
        written += 1
    kept = len(library.articles) - written
    if written:
        journal.act("knowledge.loaded", body={"written": written, "kept": kept})
    return written, kept


def _row(code: str, content: Mapping[str, Any]) -> dict[str, Any]:
    read = Content.from_dict(content, code)
    return {
        "article_id": code,
        "content": content,
        "title": read.title,
        "kinds": list(read.kinds),
        "see_also": list(read.see_also),
    }


def _close(code: str, at: datetime) -> None:
    for row in ArticleVersion.objects.filter(in_force(at), article_id=code):
        row.valid_until = at
        row.save(update_fields=["valid_until"])


def _without_check(content: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key not in CHECK}


def errors_of(content: Mapping[str, Any]) -> list[str]:
    """What is wrong with the content of an article, as « key : what is expected »."""
    try:
        article = Content.from_dict(content, DRAFT)
    except Refused as refused:
        errors = refused.facts["errors"]
        return [str(error).removeprefix(f"{DRAFT} : ") for error in errors]  # type: ignore[attr-defined]  # a list
    known = set(Article.objects.filter(code__in=article.see_also).values_list("code", flat=True))
    kinds = set(
        KindVersion.objects.filter(in_force(now()), kind_id__in=article.kinds).values_list(
            "kind_id", flat=True
        )
    )
    return [f"see_also : « {code} » n’existe pas" for code in article.see_also if code not in known] + [
        f"kinds : « {code} » n’existe pas" for code in article.kinds if code not in kinds
    ]


def publish(found: Draft, begins: datetime, publisher: Account) -> ArticleVersion:
    """The next version of an article, in force from ``begins``; the one before ends there."""
    Article.objects.get_or_create(code=found.code)
    number = ArticleVersion.objects.filter(article_id=found.code).aggregate(last=Max("number"))["last"] or 0
    _close(found.code, begins)
    return ArticleVersion.objects.create(
        number=number + 1,
        valid_from=begins,
        created_by_id=found.created_by_id,
        published_by=publisher,
        published_at=now(),
        why=found.why,
        **_row(found.code, _without_check(found.content)),
    )


@verb
def edit_article(code: str) -> Draft:
    """Begin the next version of an article. Raises ``Unknown``, ``Refused`` (a draft exists)."""
    version = _in_force(code)
    return drafts.begin(drafts.ARTICLE, code, version.content, version.number)


@verb
def new_article(code: str, title: str) -> Draft:
    """Begin a new article. Raises ``Refused`` (code-wrong, code-taken)."""
    if not KEBAB.fullmatch(code) or len(code) > 60:
        raise Refused(_("Quelques lettres sont attendues."), code="code-wrong", field="title")
    if Article.objects.filter(pk=code).exists():
        raise Refused(_("Un article porte déjà ce nom."), code="code-taken", field="title")
    return drafts.begin(drafts.ARTICLE, code, {"code": code, "title": title})


@verb
def check_article(code: str) -> ArticleVersion:
    """Vouch for the article in force: its source was read by a human today, not by its author.

    Raises ``Unknown``; ``Refused`` (already-checked); ``NotYours`` (check-by-the-author).
    """
    version, me = _in_force(code), acting_account()
    if version.checked_on == today():
        raise Refused(_("C’est déjà vérifié aujourd’hui."), code="already-checked")
    if version.created_by_id == me.pk:
        raise NotYours(ANOTHER_CHECKS, code="check-by-the-author")
    version.checked_by, version.checked_on, version.checker = me.name, today(), me
    version.save(update_fields=["checked_by", "checked_on", "checker"])
    journal.act("knowledge.checked", body={"code": code})
    return version


@verb
def rate(code: str, *, useful: bool) -> Rating:
    """Say whether the article in force helped; said again, the last opinion counts. Raises ``Unknown``."""
    version, me = _in_force(code), acting_account()
    rating, _new = Rating.objects.update_or_create(
        version=version, account=me, defaults={"useful": useful, "at": now()}
    )
    return rating


@verb
def count_vain(words: str) -> None:
    """Count a search that led to nothing; ``words`` as ``reads.asked`` gives them. Settled ones are counted afresh."""
    if not words:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO knowledge_vainsearch AS v (id, words, times, first_at, last_at) VALUES (%s, %s, 1, %s, %s)
            ON CONFLICT (words) DO UPDATE SET
                times = CASE WHEN v.settled_at IS NULL THEN v.times + 1 ELSE 1 END,
                last_at = excluded.last_at, settled_at = NULL, settled_by_id = NULL
            """,
            [new_id(), words[:80], now(), now()],
        )


def count_reading(code: str) -> None:
    """Count that an article was read this month; by whom is nobody's business. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO knowledge_reading AS r (id, article_id, month, times) VALUES (%s, %s, %s, 1)
            ON CONFLICT (article_id, month) DO UPDATE SET times = r.times + 1
            """,
            [new_id(), code, today().replace(day=1)],
        )


@verb
def settle_search(search_id: UUID) -> None:
    """Say that the words now lead somewhere, or never will. Raises ``Unknown``."""
    done = VainSearch.objects.filter(pk=search_id, settled_at=None).update(
        settled_at=now(), settled_by=human()
    )
    if not done:
        raise Unknown(_("Cette recherche n’attend plus de réponse."), code="unknown-search")
    journal.act("knowledge.search_settled")


def _in_force(code: str) -> ArticleVersion:
    version = ArticleVersion.objects.filter(in_force(now()), article_id=code).first()
    if version is None:
        raise Unknown(_("Cet article n’existe pas."), code="unknown-article")
    return version
