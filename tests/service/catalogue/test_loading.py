"""Loading the files into dated rows, reading them at a moment, and what the database refuses."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.service.catalogue import reads, verbs
from gruppetto.service.catalogue.files import CONTENT
from gruppetto.service.catalogue.models import HelpLine, KindVersion, Reason, RequestKind, SubReason
from gruppetto.service.catalogue.script import missing_papers
from tests.support.actors import Staff, staff
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db

EARLY = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 3, 1, tzinfo=UTC)
LAST = datetime(2026, 6, 1, tzinfo=UTC)
KINDS = len(list((CONTENT / "kinds").glob("*.toml")))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(CONTENT, tmp_path / "content")
    return tmp_path / "content"


@pytest.fixture
def rewrite(folder: Path) -> Callable[[str, str, str], None]:
    def change(name: str, before: str, after: str) -> None:
        text = (folder / name).read_text("utf-8")
        assert before in text
        (folder / name).write_text(text.replace(before, after, 1), "utf-8")

    return change


@pytest.fixture
def alice(db: None) -> Staff:
    return staff("Alice", "back_office")


def load(at: datetime, folder: Path = CONTENT) -> verbs.Loaded:
    with as_owner():
        return verbs.load(at, folder)


def test_the_first_loading_brings_all_in(django_assert_num_queries: Any) -> None:
    loaded = load(EARLY)
    assert dict(loaded.added) == {"reasons": 10, "helpline": 11, "distressguide": 6, "kinds": KINDS}
    assert not loaded.replaced
    with django_assert_num_queries(1):
        assert len(reads.kinds_in_force(LATER)) == KINDS
    with django_assert_num_queries(2):
        reasons = reads.reasons_in_force(LATER)
        assert [sub.code for sub in reasons[3].sub_reasons.all()] == ["make", "move", "cancel", "remind"]
    with django_assert_num_queries(1):
        assert [line.number for line in reads.help_lines_in_force(LATER)][:3] == ["15", "17", "18"]
    with django_assert_num_queries(1):
        assert [guide.code for guide in reads.guides_in_force(LATER)][1] == "scam-in-progress"
    assert reads.kinds_in_force(EARLY - timedelta(seconds=1)) == ()


def test_loading_again_changes_nothing() -> None:
    load(EARLY)
    again = load(LATER)
    assert again.changed == 0
    assert again.kept.total() == 27 + KINDS
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_entry WHERE verb = 'catalogue.loaded'")
        assert cursor.fetchone() == (1,)


def test_a_changed_kind_makes_a_version_and_the_old_one_can_still_be_shown(
    folder: Path, rewrite: Callable[[str, str, str], None]
) -> None:
    load(EARLY, folder)
    rewrite("kinds/tax-return.toml", "Déclarer ses revenus", "Faire sa déclaration de revenus")
    loaded = load(LATER, folder)
    assert dict(loaded.replaced) == {"kinds": 1}
    before, after = reads.kind_in_force("tax-return", EARLY), reads.kind_in_force("tax-return", LATER)
    assert (before.version, before.label) == (1, "Déclarer ses revenus")
    assert (after.version, after.label) == (2, "Faire sa déclaration de revenus")
    assert reads.kind_version("tax-return", 1) == before
    assert load(LAST, folder).changed == 0
    assert missing_papers(after, {}) != ()


def test_a_changed_reason_line_and_guide_are_new_rows_from_that_moment(
    folder: Path, rewrite: Callable[[str, str, str], None]
) -> None:
    load(EARLY, folder)
    rewrite("reasons.toml", "repeat_days = 7", "repeat_days = 10")
    rewrite("reasons.toml", 'label = "Déplacer"', 'label = "Changer la date"')
    rewrite("help_lines.toml", 'label = "SAMU"', 'label = "Samu"')
    rewrite("distress.toml", "Malaise ou chute", "Chute ou malaise")
    loaded = load(LATER, folder)
    assert dict(loaded.replaced) == {"reasons": 2, "helpline": 1, "distressguide": 1}
    assert (reads.repeat_days("alert", EARLY), reads.repeat_days("alert", LATER)) == (7, 10)
    labels = {sub.label for reason in reads.reasons_in_force(LATER) for sub in reason.sub_reasons.all()}
    assert "Changer la date" in labels
    assert "Déplacer" not in labels
    assert len(reads.reasons_in_force(LATER)) == 10
    assert reads.guides_in_force(LATER)[-1].label == "Chute ou malaise"


def test_what_the_back_office_wrote_is_not_written_over(alice: Staff) -> None:
    load(EARLY)
    bob = staff("Bob", "back_office")
    with acting(bob.actor):
        KindVersion.objects.filter(kind_id="tax-return").update(valid_until=LATER)
        written = KindVersion.objects.get(kind_id="tax-return")
        KindVersion.objects.create(
            kind_id="tax-return",
            number=2,
            content={**written.content, "label": "Impôts"},
            published=True,
            valid_from=LATER,
            created_by=alice.account,
            published_by=bob.account,
        )
    assert load(LAST).changed == 0
    assert reads.kind_in_force("tax-return", LAST).label == "Impôts"


def test_a_check_is_shown_at_once_and_makes_no_version(
    alice: Staff, folder: Path, rewrite: Callable[[str, str, str], None]
) -> None:
    load(EARLY, folder)
    assert not reads.kind_in_force("tax-return", LATER).checked
    with acting(alice.actor):
        KindVersion.objects.filter(kind_id="tax-return").update(
            checked_by="Alice", checked_on=date(2026, 2, 1)
        )
    assert reads.kind_in_force("tax-return", LATER).checked_by == "Alice"
    rewrite("help_lines.toml", 'number = "15"', 'number = "15"\nchecked_by = "Bob"\nchecked_on = 2026-02-03')
    rewrite(
        "kinds/tax-return.toml",
        'code = "tax-return"',
        'code = "tax-return"\nchecked_by = "Bob"\nchecked_on = 2026-02-03',
    )
    assert load(LATER, folder).changed == 0
    assert reads.kind_in_force("tax-return", LATER).checked_by == "Alice"
    assert [line.checked_by for line in reads.help_lines_in_force(LATER) if line.is_checked] == ["Bob"]


def test_a_file_with_mistakes_brings_nothing_in(
    folder: Path, rewrite: Callable[[str, str, str], None]
) -> None:
    rewrite("kinds/tax-return.toml", 'grade = "ordinary"', 'grade = "easy"')
    with pytest.raises(Refused, match="grade"), transaction.atomic():
        load(EARLY, folder)
    assert reads.kinds_in_force(LATER) == ()


def test_loading_before_what_is_in_force_is_refused(
    folder: Path, rewrite: Callable[[str, str, str], None]
) -> None:
    load(LATER, folder)
    rewrite("kinds/tax-return.toml", "Déclarer ses revenus", "Les impôts")
    with pytest.raises(Refused) as refused, transaction.atomic():
        load(EARLY, folder)
    assert refused.value.code == "a-kindversion-ends-after-it-begins"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("impots", "tax-return"),
        ("IMPÔT", "tax-return"),
        ("j'ai perdu ma carte bleue", "bank-card-block"),
        ("carte vitale", "health-card-renewal"),
        ("retraite", "life-certificate"),
        ("le docteur", "medical-appointment"),
        ("Linky", "energy-bill-dispute"),
        ("apl", "housing-benefit"),
        ("aller en train voir ma fille", "train-ticket"),
        ("résilier la box", "phone-contract"),
        ("permis", "driving-licence"),
    ],
)
def test_a_kind_is_found_by_the_words_people_use(typed: str, first: str) -> None:
    load(EARLY)
    assert first in [kind.code for kind in reads.search_kinds(typed, LATER)[:4]]


def test_a_search_for_nothing_or_for_the_unknown() -> None:
    load(EARLY)
    everything = reads.search_kinds("  ", LATER)
    assert [kind.label for kind in everything][:2] == [
        "Acheter ou changer un billet de train",
        "Annuler un contrat d’énergie non voulu",
    ]
    assert len(everything) == KINDS
    assert reads.search_kinds("xylophone", LATER) == ()
    assert reads.search_kinds("pour ma", LATER) == ()


def test_an_unknown_kind_or_reason_is_said_so() -> None:
    for ask in (
        lambda: reads.kind_in_force("nothing", LATER),
        lambda: reads.kind_version("tax-return", 9),
        lambda: reads.repeat_days("nothing", LATER),
    ):
        with pytest.raises(Unknown):
            ask()


def test_one_version_of_a_kind_is_in_force_at_a_time_but_drafts_may_wait() -> None:
    load(EARLY)
    with as_owner():
        content = KindVersion.objects.get(kind_id="tax-return").content
        KindVersion.objects.create(kind_id="tax-return", number=2, content=content, valid_from=LATER)
        with (
            pytest.raises(DatabaseError, match="one_version_of_a_kind_in_force_at_a_time"),
            transaction.atomic(),
        ):
            KindVersion.objects.create(
                kind_id="tax-return", number=3, content=content, valid_from=LATER, published=True
            )
        KindVersion.objects.filter(number=2).update(content={**content, "label": "Brouillon"})
    assert reads.kind_in_force("tax-return", LAST).version == 1
    assert reads.kind_version("tax-return", 2).label == "Brouillon"


def test_what_was_published_is_never_rewritten_nor_removed() -> None:
    load(EARLY)
    attempts = (
        lambda: KindVersion.objects.filter(kind_id="tax-return").update(content={}),
        lambda: KindVersion.objects.filter(kind_id="tax-return").delete(),
        lambda: Reason.objects.filter(code="alert").update(repeat_days=3),
        lambda: SubReason.objects.all().delete(),
        lambda: HelpLine.objects.filter(number="15").update(number="16"),
        lambda: RequestKind.objects.filter(code="tax-return").update(code="taxes"),
        lambda: connection.cursor().execute("TRUNCATE catalogue_helpline"),
    )
    with as_owner():
        # Rows just written wait for their foreign keys: TRUNCATE would be refused for that alone.
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
        for attempt in attempts:
            with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
                attempt()


def test_ten_reasons_at_most_are_in_force_at_any_moment() -> None:
    load(EARLY)

    def add(code: str, since: datetime, until: datetime | None) -> None:
        Reason.objects.create(
            code=code,
            label=code,
            hint=code,
            shortcut="x",
            repeat_days=3,
            position=11,
            valid_from=since,
            valid_until=until,
        )

    with as_owner():
        add("before", EARLY - timedelta(days=9), EARLY - timedelta(days=8))
        for since, until in ((LATER, None), (EARLY - timedelta(days=1), LAST)):
            with pytest.raises(DatabaseError, match="at most ten reasons"), transaction.atomic():
                add("eleventh", since, until)
        Reason.objects.filter(code="alert").update(valid_until=LATER)
        add("eleventh", LATER, None)


def test_two_reasons_never_share_a_key_or_a_code_at_once() -> None:
    load(EARLY)
    with as_owner():
        Reason.objects.filter(code="alert").update(valid_until=LATER)
        for code, shortcut, rule in (
            ("alert", "x", "one_row_per_reason"),
            ("new", "9", "one_reason_per_key"),
        ):
            with pytest.raises(DatabaseError, match=rule), transaction.atomic():
                Reason.objects.create(
                    code=code, label="x", hint="x", shortcut=shortcut, repeat_days=3, position=1,
                    valid_from=LATER - timedelta(days=1),
                )  # fmt: skip


def test_a_visitor_reads_the_catalogue_and_nobody_unknown_writes_it(alice: Staff) -> None:
    load(EARLY)
    assert len(reads.kinds_in_force(LATER)) == KINDS
    with pytest.raises(DatabaseError, match="without an actor"), transaction.atomic():
        HelpLine.objects.filter(number="15").update(valid_until=LATER)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        HelpLine.objects.all().delete()
    with acting(alice.actor):
        HelpLine.objects.filter(number="15").update(valid_until=LATER)
    assert "15" not in [line.number for line in reads.help_lines_in_force(LATER)]


def test_the_worker_reads_and_never_writes() -> None:
    load(EARLY)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE gruppetto_worker")
    assert len(reads.kinds_in_force(LATER)) == KINDS
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        HelpLine.objects.update(valid_until=LATER)


def test_the_command_loads_checks_and_names_mistakes(
    folder: Path, rewrite: Callable[[str, str, str], None]
) -> None:
    out = io.StringIO()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE gruppetto_owner")
    call_command("load_catalogue", "--valid-from", "2026-01-01", stdout=out)
    assert f"added: 6 distressguide, 11 helpline, {KINDS} kinds, 10 reasons" in out.getvalue()
    # The first of January in Paris.
    assert len(reads.kinds_in_force(datetime(2025, 12, 31, 23, tzinfo=UTC))) == KINDS
    call_command("load_catalogue", stdout=out)
    assert "added: nothing\nreplaced: nothing" in out.getvalue()
    call_command("load_catalogue", "--check", stdout=out)
    assert f"{KINDS} kinds, no error" in out.getvalue()
    rewrite("kinds/tax-return.toml", 'grade = "ordinary"', 'grade = "easy"')
    with pytest.raises(CommandError, match=r"kinds/tax-return\.toml : grade"):
        call_command("load_catalogue", "--folder", str(folder))
