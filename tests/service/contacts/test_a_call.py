"""A call lives: it rings for all, masked; one takes it; a person opens for its time only."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import NotYours, Refused, TooLate, Unknown
from gruppetto.kernel.identifiers import new_id
from gruppetto.registry.people.models import Person, Phone
from gruppetto.service.contacts import reads, verbs
from gruppetto.service.contacts.models import Contact, LineCall
from tests.service.conftest import Cast
from tests.service.contacts.conftest import journaled, pass_time, published
from tests.support import factories as make
from tests.support.database import as_owner
from tests.support.telephony import JEANNES, STRANGERS, ring, tell

pytestmark = pytest.mark.django_db


def seen_by(actor: Actor) -> set[str]:
    with acting(actor):
        return set(Person.objects.values_list("family_name", flat=True))


def test_an_agent_sees_nobody_until_a_call_is_taken_and_loses_the_person_30_minutes_after(
    cast: Cast, gateway: Actor
) -> None:
    charlie = cast.charlie.actor
    assert seen_by(charlie) == set()
    ringing = ring(gateway)
    assert seen_by(charlie) == set()
    with acting(charlie):
        assert not Contact.objects.exists()
        contact = verbs.take(ringing.pk)
        assert [one.person_id for one in reads.who_calls(JEANNES)] == [cast.jeanne.pk]
    assert seen_by(charlie) == set()
    with acting(charlie):
        verbs.choose_person(contact.pk, cast.jeanne.pk)
    assert seen_by(charlie) == {"Roux"}
    with acting(charlie):
        assert Phone.objects.get().number == JEANNES
        verbs.conclude(contact.pk, "Renouveler la carte Vitale")
    pass_time(contact, 29)
    assert seen_by(charlie) == {"Roux"}
    pass_time(contact, 2)
    assert seen_by(charlie) == set()
    with acting(charlie):
        assert not Contact.objects.exists()
        assert reads.who_calls(JEANNES) == []


def test_an_end_told_by_telephony_closes_the_person_too(cast: Cast, gateway: Actor) -> None:
    ringing = ring(gateway)
    with acting(cast.charlie.actor):
        contact = verbs.take(ringing.pk)
        verbs.choose_person(contact.pk, cast.jeanne.pk)
    tell(gateway, "ended", contact.call_id)
    with acting(cast.charlie.actor):
        assert Contact.objects.get(pk=contact.pk).state == "wrapping"
    pass_time(contact, 31)
    assert seen_by(cast.charlie.actor) == set()


def test_wrapping_up_late_keeps_the_contact_and_not_the_person(cast: Cast, call: Contact) -> None:
    with acting(cast.charlie.actor):
        verbs.choose_person(call.pk, cast.jeanne.pk)
        verbs.hang_up(call.pk)
    pass_time(call, 45)
    assert seen_by(cast.charlie.actor) == set()
    with acting(cast.charlie.actor):
        assert verbs.conclude(call.pk).state == "done"
    assert seen_by(cast.charlie.actor) == set()


def test_ringing_shows_a_masked_number_and_a_word_never_a_name(cast: Cast, gateway: Actor) -> None:
    ring(gateway)
    ring(gateway, STRANGERS)
    ring(gateway, "")
    ring(gateway, "", withheld=False)
    with acting(cast.charlie.actor):
        rows = reads.line()
    assert [(row.shown, row.call.recognition, row.call.repeat) for row in rows] == [
        ("05 •• •• •• 01", "known", False),
        ("06 •• •• •• 42", "unknown", False),
        ("numéro caché", "withheld", False),
        ("numéro illisible", "unknown", False),
    ]
    assert all(row.can_take for row in rows)


def test_a_second_call_within_a_week_is_shown_as_a_repeat(cast: Cast, gateway: Actor) -> None:
    ring(gateway, STRANGERS)
    ring(gateway, STRANGERS)
    with acting(cast.charlie.actor):
        assert [row.call.repeat for row in reads.line()] == [False, True]


def test_a_relative_two_who_share_and_a_number_seen_before_are_told_apart(cast: Cast, gateway: Actor) -> None:
    paul = make.person("Roux", "Paul", title="mr", subscriber_since=None)
    make.phone(paul, "+33639980007")
    make.relative(cast.jeanne, paul, "son fils")
    leon = make.person("Roux", "Léon", title="mr", within=cast.portfolio)
    make.phone(leon, "+33561000002")
    make.phone(cast.jeanne, "+33561000002", main=False)
    seen_before = ring(gateway, STRANGERS)
    with as_owner():
        Contact.objects.filter(pk=seen_before.pk).update(person_id=leon.pk, person_shelf=leon.shelf)
        LineCall.objects.all().delete()
    told = {}
    for number in ("+33639980007", "+33561000002", STRANGERS):
        ringing = ring(gateway, number)
        with acting(cast.charlie.actor):
            contact = verbs.take(ringing.pk)
            recognition = LineCall.objects.get(pk=contact.pk).recognition
            told[recognition] = [
                (one.name, one.certainty, one.why, one.through_name) for one in reads.who_calls(number)
            ]
    day = told["seen"][0][2].removeprefix("A déjà appelé de ce numéro, le ").removesuffix(".")
    assert day.split()[0] in {"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"}
    assert told == {
        "relative": [
            ("M. Paul Roux", "probable", "C’est son numéro, pas encore vérifié.", ""),
            (
                "Mme Jeanne Roux",
                "probable",
                "C’est le numéro de M. Paul Roux, son proche (son fils).",
                "M. Paul Roux",
            ),
        ],
        "several": [
            ("Mme Jeanne Roux", "probable", "Numéro partagé par 2 personnes.", ""),
            ("M. Léon Roux", "probable", "Numéro partagé par 2 personnes.", ""),
        ],
        "seen": [("M. Léon Roux", "possible", f"A déjà appelé de ce numéro, le {day}.", "")],
    }


def test_the_second_to_take_a_call_learns_who_has_it(cast: Cast, call: Contact) -> None:
    with acting(cast.bob.actor), pytest.raises(TooLate, match="Charlie a déjà pris cet appel"):
        verbs.take(call.pk)
    with acting(cast.charlie.actor), pytest.raises(TooLate, match="Vous avez déjà pris"):
        verbs.take(call.pk)


def test_a_call_that_stopped_ringing_is_not_taken(cast: Cast, gateway: Actor) -> None:
    ringing = ring(gateway)
    tell(gateway, "missed", ringing.call_id)
    with acting(cast.charlie.actor):
        with pytest.raises(TooLate, match="a raccroché"):
            verbs.take(ringing.pk)
        with pytest.raises(Unknown):
            verbs.take(new_id())


def test_who_takes_no_calls_sees_no_line_and_takes_none(cast: Cast, gateway: Actor) -> None:
    back_office = make.colleague("Gisèle", "back_office")
    ringing = ring(gateway)
    with acting(back_office.actor):
        assert reads.line() == []
        with pytest.raises(NotYours):
            verbs.take(ringing.pk)


def test_a_call_lifted_and_ended_without_a_screen_waits_to_be_written_up(cast: Cast, gateway: Actor) -> None:
    ringing = ring(gateway)
    tell(gateway, "answered", ringing.call_id)
    tell(gateway, "ended", ringing.call_id)
    with acting(cast.charlie.actor):
        assert [(row.call.state, row.can_take) for row in reads.line()] == [("answered", True)]
        contact = verbs.take(ringing.pk)
        assert contact.state == "wrapping"
        assert verbs.conclude(contact.pk, "Erreur de numéro").state == "done"
    assert journaled(contact.pk)[-2:] == ["contact.written_up", "contact.concluded"]


def test_a_call_is_passed_on_to_a_colleague_and_may_be_taken_back_until_then(
    cast: Cast, call: Contact
) -> None:
    with acting(cast.charlie.actor):
        verbs.choose_person(call.pk, cast.jeanne.pk)
        verbs.pass_on(call.pk, cast.bob.account.pk)
        assert reads.mine() == []
        with pytest.raises(Refused, match="sonne chez un collègue"):
            verbs.hang_up(call.pk)
        assert verbs.take(call.pk).state == "taken"
        verbs.pass_on(call.pk, cast.bob.account.pk)
    with acting(cast.alice.actor):
        assert [(row.can_take, row.offered_to) for row in reads.line()] == [(False, "Bob")]
        with pytest.raises(TooLate, match="transféré à Bob"):
            verbs.take(call.pk)
    assert seen_by(cast.bob.actor) == set()
    with acting(cast.bob.actor):
        assert verbs.take(call.pk).taken_by_id == cast.bob.account.pk
    assert seen_by(cast.bob.actor) == {"Roux"}
    with acting(cast.charlie.actor), pytest.raises((NotYours, Unknown)):
        verbs.note_reasons(call.pk, [("alert", "", "")])


def test_a_call_is_passed_only_to_who_takes_calls(cast: Cast, call: Contact) -> None:
    gisele = make.colleague("Gisèle", "back_office")
    with acting(cast.charlie.actor):
        for other in (gisele.account.pk, cast.charlie.account.pk, new_id()):
            with pytest.raises(Refused, match="ne prend pas d’appels"):
                verbs.pass_on(call.pk, other)
        assert [one.name for one in reads.colleagues()] == ["Alice", "Bob", "Sylvie"]


def test_the_caller_hangs_up_during_a_transfer_and_the_first_agent_writes_it_up(
    cast: Cast, gateway: Actor, call: Contact
) -> None:
    with acting(cast.charlie.actor):
        verbs.pass_on(call.pk)
    tell(gateway, "ended", call.call_id)
    with acting(cast.charlie.actor):
        assert [one.state for one in reads.mine()] == ["wrapping"]


def test_the_correspondent_is_asked_by_name_and_joins(cast: Cast, call: Contact) -> None:
    with acting(cast.charlie.actor):
        with pytest.raises(Refused, match="Choisissez d’abord"):
            verbs.bring_in(call.pk)
        verbs.choose_person(call.pk, cast.jeanne.pk)
        assert verbs.bring_in(call.pk) == "Alice"
    with acting(cast.alice.actor):
        assert [row.can_join for row in reads.line()] == [True]
        assert verbs.join(call.pk).person_id == cast.jeanne.pk
        assert [(row.joined_by, row.can_join) for row in reads.line()] == [("Alice", False)]
    with acting(cast.bob.actor), pytest.raises(TooLate):
        verbs.join(call.pk)
    assert journaled(call.pk)[-2:] == ["contact.join_asked", "contact.joined"]


def test_every_step_is_in_the_journal_and_told_to_the_pages(cast: Cast, call: Contact) -> None:
    with acting(cast.charlie.actor):
        verbs.choose_person(call.pk, cast.jeanne.pk)
        verbs.hang_up(call.pk)
        verbs.conclude(call.pk)
    assert journaled(call.pk) == [
        "call.received",
        "contact.taken",
        "identity.level",
        "contact.person_chosen",
        "contact.hung_up",
        "contact.concluded",
    ]
    assert journaled(cast.jeanne.pk) == ["person.opened"]
    assert published("line.changed") == [call.pk] * 4
    assert published("contact.concluded") == [call.pk]


def test_a_contact_left_open_closes_by_itself(cast: Cast, call: Contact, gateway: Actor) -> None:
    with acting(cast.charlie.actor):
        verbs.choose_person(call.pk, cast.jeanne.pk)
        verbs.hang_up(call.pk)
    pass_time(call, 121)
    with as_owner():
        assert verbs.conclude_forgotten() == 1
        assert verbs.conclude_forgotten() == 0
    assert journaled(call.pk)[-1] == "contact.left"
    with acting(cast.charlie.actor):
        assert reads.mine() == []


def test_a_counter_visit_and_a_letter_of_yesterday_are_noted_by_hand(cast: Cast) -> None:
    with acting(cast.charlie.actor):
        visit = verbs.visit("counter")
        assert (visit.state, visit.direction, visit.call_id) == ("taken", "in", "")
        verbs.choose_person(visit.pk, cast.jeanne.pk)
        with pytest.raises(Refused, match="Seul un appel"):
            verbs.pass_on(visit.pk)
        verbs.conclude(visit.pk)
        letter = verbs.visit("letter", happened_at=now() - timedelta(days=1))
        assert letter.state == "wrapping"
        assert verbs.conclude(letter.pk).state == "done"
        with pytest.raises(Refused, match="avant d’être noté"):
            verbs.visit("letter", happened_at=now() + timedelta(minutes=5))
        with pytest.raises(Refused, match="moyen"):
            verbs.visit("pigeon")


def test_a_person_opened_by_mistake_closes_at_once(cast: Cast, call: Contact) -> None:
    other = make.person("Martin", "Léa", within=cast.other)
    with acting(cast.charlie.actor):
        verbs.choose_person(call.pk, other.pk)
    assert seen_by(cast.charlie.actor) == {"Martin"}
    with acting(cast.charlie.actor):
        verbs.choose_person(call.pk, cast.jeanne.pk)
    assert seen_by(cast.charlie.actor) == {"Roux"}
    with acting(cast.charlie.actor):
        with pytest.raises(Unknown):
            verbs.choose_person(call.pk, new_id())
        verbs.conclude(call.pk)
        with pytest.raises(Refused, match="terminé"):
            verbs.choose_person(call.pk, other.pk)


def test_an_unknown_caller_is_worked_at_once_and_attached_later(cast: Cast, gateway: Actor) -> None:
    ringing = ring(gateway, STRANGERS)
    with acting(cast.charlie.actor):
        contact = verbs.take(ringing.pk)
        verbs.note_reasons(contact.pk, [("understand", "", "")])
        added = verbs.new_person(contact.pk, "Durand", "Aïcha", keep_number=True)
        page = reads.contact_page(contact.pk)
        assert [reason.person_id for reason in page.reasons] == [added.pk]
        assert page.contact.level == 1
        assert [one.name for one in page.candidates] == ["Aïcha Durand"]
    assert seen_by(cast.charlie.actor) == {"Durand"}


def test_a_caller_is_found_as_the_name_sounds_below_those_written_so(cast: Cast, call: Contact) -> None:
    with as_owner():
        for given, family, usage in (
            ("Marie", "Lefebvre", ""),
            ("Paul", "Lefèvre", ""),
            ("Anne", "Roy", "Lefaivre"),
        ):
            make.person(given_names=given, family_name=family, usage_name=usage)
    with acting(cast.charlie.actor):
        names = [one.name for one in verbs.find_persons(call.pk, "Lefèvre")]
        assert names[0].endswith("Paul Lefèvre")
        assert {name.split()[-2] for name in names} == {"Paul", "Marie", "Anne"}
        assert [one.name.split()[-1] for one in verbs.find_persons(call.pk, "lefaive marie")] == ["Lefebvre"]


def test_a_search_needs_a_contact_in_hand_and_leaves_a_trace(cast: Cast, call: Contact) -> None:
    with acting(cast.charlie.actor):
        found = verbs.find_persons(call.pk, "rou jeanne")
        assert [(one.name, one.birth_year, one.commune) for one in found] == [
            ("Mme Jeanne Roux", 1944, "Revel")
        ]
        assert verbs.find_persons(call.pk, "roux", postcode="75001") == []
        verbs.conclude(call.pk)
        with pytest.raises(Refused):
            verbs.find_persons(call.pk, "roux")
    assert "person.searched" in journaled(call.pk)
