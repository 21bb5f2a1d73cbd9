"""A town's list: received, looked over, loaded 500 at a time; bad lines, twins and the same file twice."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from django.db import connection

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import NotYours, Refused, TooLate, Unknown
from gruppetto.kernel.outbox.models import Fact
from gruppetto.registry.people import jobs
from gruppetto.registry.people import starting_lists as lists
from gruppetto.registry.people.models import (
    Consent,
    Need,
    Person,
    Phone,
    Relative,
    StartingLine,
    StartingList,
)
from gruppetto.registry.people.starting_lists.reading import NEEDED
from gruppetto.registry.staff.abilities import ROLE_ABILITIES
from tests.registry.people.conftest import as_worker, journaled
from tests.support import factories as make
from tests.support.actors import Staff, staff
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HEADING = [*NEEDED, "telephone_fixe", "besoins", "proche_nom", "proche_telephone"]
AGREED = "courrier signé;12/1/2026"
# Lines of ten thousand that are wrong: the first, one amid the others, the last (the heading is line 1).
BAD = (2, 5_001, 10_001)


def line(
    name: str, given: str, born: str = "3/5/1948", phone: str = "", relative: str = ";", agreed: str = AGREED
) -> str:
    return f"{name};{given};{born};12 rue du Temple;31250;Revel;{agreed};{phone};;{relative}"


def csv(*rows: str) -> bytes:
    return "\n".join([";".join(HEADING), *rows]).encode("cp1252")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.at(NOON):
        yield


@pytest.fixture
def denise(db: None) -> Staff:
    """She keeps the lists, and sees nobody's record."""
    make.commune()
    return staff("Denise", "back_office")


def receive(who: Staff, *rows: str, name: str = "liste.csv") -> StartingList:
    with acting(who.actor):
        return lists.receive(name, csv(*rows), "CCAS de Revel")


def preview(who: Staff, starting_list: StartingList, **page: object) -> lists.Preview:
    with acting(who.actor):
        return lists.preview(starting_list.pk, **page)  # type: ignore[arg-type]


def order(who: Staff, starting_list: StartingList, *, only_good: bool = False) -> None:
    with acting(who.actor):
        lists.load(starting_list.pk, only_good=only_good)


def work(starting_list: StartingList, size: int = 500) -> int:
    """Run the job until nothing is left; returns how many chunks."""
    for chunk in range(1, 100):
        with as_worker("people.load_list"):
            if not lists.load_chunk(starting_list.pk, size):
                return chunk
    raise AssertionError("the list never ends")


def killed_in_a_chunk(starting_list: StartingList) -> None:
    with as_worker("people.load_list"):
        lists.load_chunk(starting_list.pk, 2)
        raise RuntimeError("killed")


def state_of(starting_list: StartingList) -> str:
    with as_owner():
        return StartingList.objects.get(pk=starting_list.pk).state


def persons() -> list[str]:
    with as_owner():
        return [str(person) for person in Person.objects.order_by("sort_key")]


def test_a_list_becomes_persons_with_what_is_theirs(denise: Staff) -> None:
    received = receive(
        denise, line("Roux", "Jeanne", phone="05 61 00 00 01", relative="Martine Roux (fille);06 39 98 01 02")
    )
    assert persons() == []
    order(denise, received)
    assert work(received) == 2
    assert (state_of(received), persons()) == ("loaded", ["Jeanne Roux", "Martine Roux"])
    with as_owner():
        jeanne, martine = Person.objects.order_by("sort_key")
        assert (jeanne.birth_date, jeanne.department, jeanne.portfolio_id) == (date(1948, 5, 3), "31", 0)
        assert (jeanne.name_key, jeanne.phonetic_key) == ("jeanne roux", "rU")
        home, consent, phone = jeanne.addresses.get(), jeanne.consents.get(), jeanne.phones.get()
        assert (home.lines, home.commune_id, home.street_key) == (
            "12 rue du Temple",
            "31451",
            "12 rue du temple",
        )
        assert (consent.purpose, consent.source, consent.given_on) == (
            "record",
            "courrier signé",
            date(2026, 1, 12),
        )
        assert (phone.number, phone.main, phone.verified_at) == ("+33561000001", True, None)
        relative = Relative.objects.get()
        assert (
            relative.person_id,
            relative.relative_id,
            relative.link,
            relative.rights,
            relative.trusted,
        ) == (
            jeanne.pk,
            martine.pk,
            "fille",
            [],
            False,
        )
        assert {row.shelf for row in (home, consent, phone, relative)} == {jeanne.shelf}
        assert Fact.objects.filter(topic="people.added").count() == 2
    assert journaled(jeanne.pk) == ["person.added"]


def test_needs_come_with_their_source_and_their_review(denise: Staff) -> None:
    received = receive(denise, line("Roux", "Jeanne").replace(";;;", ";;malentendante;", 1))
    order(denise, received)
    work(received)
    with as_owner():
        need = Need.objects.get()
    assert (need.kind, need.words, need.source, need.review_on) == (
        "hearing",
        "malentendante",
        "CCAS de Revel",
        date(2027, 11, 20),
    )


def test_bad_lines_say_their_number_column_and_reason_and_the_rest_waits_until_asked(denise: Staff) -> None:
    received = receive(
        denise,
        line("Roux", "Jeanne"),
        line("Petit", "Paul", born="31/2/1950"),
        line("Le Goff", "Anne", born="1/1/1950", agreed=";"),
    )
    seen = preview(denise, received)
    assert (seen.total, seen.bad, seen.ready) == (3, 2, 1)
    assert [(row.number, [e["column"] for e in row.errors]) for row in seen.lines] == [
        (3, ["date_naissance"]),
        (4, ["source_consentement", "date_consentement"]),
    ]
    assert seen.lines[0].typed["nom"] == "Petit"
    with pytest.raises(Refused) as refused:
        order(denise, received)
    assert refused.value.code == "list-has-bad-lines"
    assert "2 lignes sur 3" in str(refused.value)
    order(denise, received, only_good=True)
    work(received)
    assert persons() == ["Jeanne Roux"]


def many(count: int, bad: Container[int]) -> list[str]:
    """A list of ``count`` people, who all differ, with these lines (numbers of the spreadsheet) wrong."""
    letters = [chr(97 + n) for n in range(26)]
    names = ("".join(one).capitalize() for one in product(("Mar", "Le Go", "Du", "Saint-"), *[letters] * 3))
    return [
        line("Petit", "Paul", born="hier")
        if n in bad
        else line(
            name, "Jeanne", f"{n % 28 + 1}/{n // 28 % 12 + 1}/{1930 + n // 336}", f"05 6{n % 10} {n:06d}"
        )
        for n, name in zip(range(2, count + 2), names, strict=False)
    ]


def test_three_bad_lines_in_many_load_the_rest_in_chunks(denise: Staff) -> None:
    received = receive(denise, *many(60, bad=(7, 27, 47)))
    order(denise, received, only_good=True)
    assert work(received, size=20) == 3
    assert len(persons()) == 57


def test_three_bad_lines_in_ten_thousand_are_said_and_hold_nobody_back(
    denise: Staff, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(60):  # type: ignore[operator]
        received = receive(denise, *many(10_000, bad=BAD))
    seen = preview(denise, received)
    assert (seen.total, seen.bad, seen.undecided, seen.ready) == (10_000, 3, 0, 9_997)
    assert [(row.number, [e["column"] for e in row.errors]) for row in seen.lines] == [
        (number, ["date_naissance"]) for number in BAD
    ]
    order(denise, received, only_good=True)
    with as_worker("people.load_list"), django_assert_max_num_queries(25):  # type: ignore[operator]
        assert lists.load_chunk(received.pk) == 9_497
    assert len(persons()) == 500


@pytest.mark.soak
def test_ten_thousand_lines_but_three_become_persons(denise: Staff) -> None:
    received = receive(denise, *many(10_000, bad=BAD))
    order(denise, received, only_good=True)
    assert work(received) == 20
    assert (state_of(received), len(persons())) == ("loaded", 9_997)
    with as_owner():
        left = StartingLine.objects.filter(person_id=None).order_by("number").values_list("number", flat=True)
        assert tuple(left) == BAD


def test_the_same_file_is_received_once_unless_dropped(denise: Staff) -> None:
    received = receive(denise, line("Roux", "Jeanne"))
    with pytest.raises(Refused) as refused:
        receive(denise, line("Roux", "Jeanne"), name="autre.csv")
    assert refused.value.code == "a-list-is-received-once"
    with acting(denise.actor):
        lists.drop(received.pk)
        assert [row.typed for row in StartingLine.objects.all()] == [None]
        assert lists.preview(received.pk, only="all").lines[0].typed == {}
    receive(denise, line("Roux", "Jeanne"))


def test_a_person_on_record_is_set_aside_shown_and_loaded_only_if_said(denise: Staff) -> None:
    jeanne = make.person("Martin", "Jeanne", usage_name="Roux", birth_date=date(1948, 5, 3))
    received = receive(denise, line("Roux", "Jeanne"), line("Petit", "Paul"))
    (row,) = preview(denise, received).lines
    (found,) = row.alike
    assert (row.decision, found.certainty, found.person_id, found.name, found.birth_year) == (
        "skip",
        "sure",
        jeanne.pk,
        "Mme Jeanne Roux",
        1948,
    )
    assert "même date de naissance" in str(found.why)
    order(denise, received)
    work(received)
    assert persons() == ["Mme Jeanne Roux", "Paul Petit"] or persons() == ["Paul Petit", "Mme Jeanne Roux"]


def test_a_likely_double_must_be_decided_by_a_human(denise: Staff) -> None:
    make.person("Dupont", "Jeanne", birth_date=date(1948, 5, 3))
    received = receive(denise, line("Dupond", "Jeanne"))
    (row,) = preview(denise, received).lines
    assert (row.decision, row.alike[0].certainty) == ("ask", "likely")
    with pytest.raises(Refused) as refused:
        order(denise, received)
    assert refused.value.code == "list-has-undecided-lines"
    with acting(denise.actor):
        with pytest.raises(Refused):
            lists.decide(row.id, "ask")
        lists.decide(row.id, "load")
    order(denise, received)
    work(received)
    assert len(persons()) == 2


def test_twins_and_a_couple_in_one_list_are_loaded_and_shown(denise: Staff) -> None:
    received = receive(
        denise,
        line("Roux", "Jeanne"),
        line("Roux", "Pierre"),
        line("Petit", "Anne", "1/1/1950", phone="0561000001"),
        line("Petit", "Paul", "2/2/1950", phone="0561000001"),
    )
    seen = preview(denise, received)
    assert [(row.number, row.decision, row.alike[0].line, row.alike[0].certainty) for row in seen.lines] == [
        (3, "load", 2, "possible"),
        (5, "load", 4, "possible"),
    ]
    order(denise, received)
    work(received)
    assert len(persons()) == 4


def test_a_line_written_twice_is_loaded_once(denise: Staff) -> None:
    received = receive(denise, line("Roux", "Jeanne"), line("ROUX", "jeanne"))
    order(denise, received)
    work(received)
    assert len(persons()) == 1


def test_a_wife_who_is_her_husbands_relative_has_one_record(denise: Staff) -> None:
    received = receive(
        denise,
        line("Roux", "Pierre", "1/1/1946", "0561000001", "Jeanne Roux (femme);05 61 00 00 01"),
        line("Roux", "Jeanne", "3/5/1948", "0561000001", "Martine Roux;0639980102"),
        line("Petit", "Anne", "2/2/1950", relative="Roux Martine;0639980102"),
        line("Petit", "Paul", "2/3/1950", relative="Luc Petit;"),
    )
    order(denise, received)
    work(received, size=1)
    assert persons() == [
        "Anne Petit",
        "Luc Petit",
        "Paul Petit",
        "Jeanne Roux",
        "Martine Roux",
        "Pierre Roux",
    ]
    with as_owner():
        assert Relative.objects.count() == 4
        assert Phone.objects.filter(number="+33639980102").count() == 1


def test_a_chunk_that_runs_twice_or_is_killed_changes_nothing(denise: Staff) -> None:
    received = receive(
        denise, *(line(f"Nom{letter}", "Jeanne", f"{n}/1/1940") for n, letter in enumerate("abcdef", 1))
    )
    order(denise, received)
    with as_worker("people.load_list"):
        assert lists.load_chunk(received.pk, 2) == 4
    with pytest.raises(RuntimeError, match="killed"):
        killed_in_a_chunk(received)
    assert len(persons()) == 2
    work(received, 2)
    with as_worker("people.load_list"):
        assert lists.load_chunk(received.pk, 2) == 0
    assert len(persons()) == 6
    with as_owner():
        assert Consent.objects.count() == 6


def test_a_list_whose_chunk_failed_for_good_goes_on(denise: Staff) -> None:
    received = receive(denise, line("Roux", "Jeanne"))
    order(denise, received)
    with as_worker("people.take_up_lists"):
        for _tick in range(2):
            jobs.take_up_lists.func(timestamp=0)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args ->> 'subject_id' FROM procrastinate_jobs")
        assert cursor.fetchall() == [("people.load_list", str(received.pk))]
    work(received, 2)
    assert len(persons()) == 1


def test_somebody_added_since_the_preview_sends_the_line_back_to_be_decided(denise: Staff) -> None:
    received = receive(denise, line("Roux", "Jeanne"), line("Petit", "Paul"))
    order(denise, received)
    make.person("Roux", "Jeanne", title="none", birth_date=date(1948, 5, 3))
    work(received)
    assert state_of(received) == "preview"
    (row,) = preview(denise, received).lines
    assert (row.decision, len(persons())) == ("ask", 2)
    with acting(denise.actor):
        lists.decide(row.id, "skip")
        with pytest.raises(Refused) as refused:
            lists.load(received.pk)
        assert refused.value.code == "list-has-nothing-to-load"


def test_a_list_under_way_changes_no_more(denise: Staff) -> None:
    received = receive(denise, line("Roux", "Jeanne"))
    order(denise, received)
    with acting(denise.actor):
        (row,) = lists.preview(received.pk, only="all").lines
        for wish in (
            lambda: lists.load(received.pk),
            lambda: lists.drop(received.pk),
            lambda: lists.decide(row.id, "skip"),
        ):
            with pytest.raises(TooLate) as late:
                wish()
            assert late.value.code == "list-settled"


def test_a_bad_line_cannot_be_decided(denise: Staff) -> None:
    received = receive(denise, line("Roux", "Jeanne", born="x"))
    (row,) = preview(denise, received).lines
    with acting(denise.actor), pytest.raises(Refused) as refused:
        lists.decide(row.id, "load")
    assert refused.value.code == "line-settled"
    with pytest.raises(Refused) as refused:
        order(denise, received, only_good=True)
    assert refused.value.code == "list-has-nothing-to-load"


def test_only_those_who_import_see_lists(denise: Staff) -> None:
    received = receive(denise, line("Roux", "Jeanne"))
    for role in ROLE_ABILITIES:
        who = staff(f"Zoé-{role}", role)
        with acting(who.actor):
            if "import_people" in ROLE_ABILITIES[role]:
                assert lists.received() == [received]
                continue
            assert lists.received() == []
            with pytest.raises(Unknown):
                lists.preview(received.pk)
            with pytest.raises(NotYours):
                lists.receive("x.csv", csv(line("Petit", "Paul")), "moi")
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM people.alike(%s::date[], '{x}', '{x}', '{}', '{}')",
                    [[date(1944, 5, 3)]],
                )
                assert cursor.fetchone()[0] == 0


def test_names_are_shown_only_of_those_a_line_looks_like(denise: Staff) -> None:
    jeanne = make.person("Roux", "Jeanne", birth_date=date(1948, 5, 3))
    paul = make.person("Petit", "Paul")
    received = receive(denise, line("Roux", "Jeanne"))
    with acting(denise.actor), connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM people.alike_of_list(%s, %s::uuid[])", [received.pk, [jeanne.pk, paul.pk]]
        )
        assert cursor.fetchall() == [(jeanne.pk,)]


def test_what_was_typed_is_encrypted_and_absent_from_errors_and_journal(denise: Staff) -> None:
    receive(denise, line("Zzyzx", "Jeanne", born="Qwfpgj"))
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT typed, errors::text FROM people_startingline")
        typed, errors = cursor.fetchone()
        cursor.execute("SELECT string_agg(data, ' ') FROM journal_body")
        journal = cursor.fetchone()[0]
    assert b"Zzyzx" not in bytes(typed)
    assert "Qwfpgj" not in errors + journal


def test_a_preview_is_a_page_with_a_fixed_number_of_queries_and_a_look(
    denise: Staff, django_assert_num_queries: object
) -> None:
    make.person("Roux", "Jeanne", birth_date=date(1948, 5, 3))
    received = receive(
        denise, *(line("Roux", "Jeanne", born="x") for _n in range(60)), line("Roux", "Jeanne")
    )
    with acting(denise.actor):
        with django_assert_num_queries(4):  # type: ignore[operator]
            first = lists.preview(received.pk)
        with django_assert_num_queries(4):  # type: ignore[operator]
            second = lists.preview(received.pk, after=first.next_after or 0)
    assert (len(first.lines), len(second.lines), second.next_after) == (50, 11, None)
    assert journaled().count("list.previewed") == 2


def test_what_was_typed_is_forgotten_after_thirty_days(denise: Staff) -> None:
    loaded = receive(denise, line("Roux", "Jeanne"))
    order(denise, loaded)
    work(loaded)
    left = receive(denise, line("Petit", "Paul"))
    with as_owner():
        StartingList.objects.update(received_at=NOON)
    with as_worker("people.forget_lists"):
        assert lists.forget(NOON + timedelta(days=29)) == 0
        assert lists.forget(NOON + timedelta(days=31)) == 2
    assert (state_of(loaded), state_of(left)) == ("loaded", "dropped")
    with pytest.raises(Refused):
        receive(denise, line("Roux", "Jeanne"))
    assert len(persons()) == 1


def test_receiving_five_hundred_lines_has_a_fixed_number_of_queries(
    denise: Staff, django_assert_max_num_queries: object
) -> None:
    rows = [
        line(f"Nom{chr(97 + n // 26)}{chr(97 + n % 26)}", "Jeanne", f"{n % 28 + 1}/1/1940")
        for n in range(300)
    ]
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        receive(denise, *rows)


def test_a_line_or_a_list_that_is_not_there_is_unknown(denise: Staff) -> None:
    nobody = UUID(int=0)
    with acting(denise.actor):
        for wish in (lists.preview, lists.load, lists.drop, lambda key: lists.decide(key, "load")):
            with pytest.raises(Unknown):
                wish(nobody)
