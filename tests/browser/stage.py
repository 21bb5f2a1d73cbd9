"""Two stages for the pages: one where everybody is new and nothing happened, one that is full to the brim."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.files.verbs import receive
from gruppetto.registry.coverage.verbs import declare_absence
from gruppetto.registry.organisations import verbs as organisations
from gruppetto.registry.people import verbs as people
from gruppetto.registry.people.models import Consent, Need, Person
from gruppetto.registry.people.starting_lists import verbs as lists
from gruppetto.registry.staff.models import Absence
from gruppetto.service.contacts import verbs as contacts
from gruppetto.service.interventions import verbs as work
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.messages.verbs import prepare
from tests.browser import stage_of_rooms as rooms
from tests.browser.stage_of_rooms import LONG_WORD
from tests.kernel.files.samples import PDF
from tests.service.conftest import Cast, on_stage
from tests.service.interventions.stage import put
from tests.support import factories as make
from tests.support.actors import staff
from tests.support.races import as_owner_of
from tests.support.telephony import in_service, ring, tell

NEWCOMERS = {
    "agent": "Ève",
    "correspondent": "Yves",
    "supervisor": "Zoé",
    "back_office": "Gilles",
    "auditor": "Odile",
    "administrator": "Hugo",
}
ROLES = tuple(NEWCOMERS)
PASSWORD = "Quatre-Chevaux-9-Roues"

# What Jeanne answers to the script of « Refaire une carte Vitale ».
SCRIPT = {
    "what_happened": "lost",
    "money_asked": "no",
    "scheme": "general",
    "care_soon": "no",
    "identity_valid": "yes",
    "photo": "yes",
    "how": "with-us",
    "address": "confirmed",
    "other_papers": "no",
}

# As long as names, places and words get in a record.
LONG_FAMILY = "de La Rochefoucauld-Montmorency-Saint-Sulpice-Lauragais"
LONG_GIVEN = "Marie-Antoinette Bénédicte Élisabeth"
LONG_LINES = (
    "Résidence autonomie Les Jardins du Lauragais, bâtiment Capitoul, appartement 214\n"
    "128 bis avenue du Général-de-Gaulle"
)
LONG_TITLE = (
    "Refaire la carte Vitale volée avec son portefeuille au marché, "
    "avant le rendez-vous chez le spécialiste du mois prochain"
)
KINDS = (
    "health-card-renewal",
    "tax-return",
    "train-ticket",
    "housing-benefit",
    "driving-licence",
    "life-certificate",
    "phone-contract",
)
STATES = (
    "in_progress",
    "waiting_person",
    "waiting_provider",
    "waiting_paper",
    "answered",
    "not_confirmed",
    "closed",
)
FAMILIES = (
    "Abadie",
    "Bousquet",
    "Cazenave",
    "Delmas",
    "Estève",
    "Fauré",
    "Gayraud",
    "Lacroix",
    "Marty",
    "Puech",
)


@dataclass(frozen=True)
class Stage:
    """Who may sign in, by role; ``cast`` when there are persons to help."""

    by_role: dict[str, make.Colleague]
    cast: Cast | None = None
    lady: Person | None = None


def empty(database: str) -> Stage:
    """One account of each role on the first morning: a catalogue, and nobody to help yet."""
    with as_owner_of(database):
        make.catalogue()
        by_role = {role: make.colleague(name, role) for role, name in NEWCOMERS.items()}
        _may_change_password(by_role)
    return Stage(by_role)


def _may_change_password(by_role: dict[str, make.Colleague]) -> None:
    """Who signs in has a password."""
    for who in by_role.values():
        who.account.set_password(PASSWORD)
        who.account.save(update_fields=["password"])


def scene(database: str) -> Stage:
    """Jeanne, whose facts are on record and who called last week; a second agent; nothing under way."""
    with as_owner_of(database):
        cast = on_stage()
        second = make.colleague("Chloé", "agent")
        jeanne = cast.jeanne
        jeanne.energy_provider, jeanne.phone_provider, jeanne.chosen_word = "Enercoop", "Orange", "mésange"
        jeanne.save(update_fields=["energy_provider", "phone_provider", "chosen_word"])
        gateway = in_service()
    _called_before(cast, gateway, jeanne, "+33561000001", 7, ("make-request", "renewal", ""))
    by_role = {
        "agent": cast.charlie,
        "second agent": second,
        "correspondent": cast.alice,
        "supervisor": cast.sylvie,
    }
    return Stage(by_role, cast, jeanne)


def full(database: str) -> Stage:
    """Long names, many rows, late work, needs, relatives, calls in every state, letters, lists, absences."""
    with as_owner_of(database):
        cast = on_stage()
        others = {
            "back_office": make.colleague("Denise", "back_office"),
            "auditor": make.colleague("Agathe", "auditor"),
            "administrator": make.colleague("Zacharie", "administrator"),
        }
        by_role = {"agent": cast.charlie, "correspondent": cast.alice, "supervisor": cast.sylvie, **others}
        _may_change_password(by_role)
        # Not yet hired: an account without its record.
        staff("Noé", "correspondent")
        gateway = in_service()
        lady = _the_lady(cast)
        neighbours = [_neighbour(cast, rank) for rank in range(30)]
        _to_place()
        rooms.once_more(cast, lady)
    _work(database, cast, lady, neighbours)
    rooms.fill(database, cast, gateway, others["back_office"], lady)
    _calls(cast, gateway, lady)
    _office(cast, others["back_office"], lady)
    rooms.busy(database)
    return Stage(by_role, cast, lady)


def _the_lady(cast: Cast) -> Person:
    """Everything about her is long."""
    revel = make.commune()
    lady = make.person(
        LONG_FAMILY,
        LONG_GIVEN,
        within=cast.portfolio,
        energy_provider="Enercoop",
        phone_provider="Orange",
        chosen_word="mésange",
        email="marie-antoinette.benedicte.elisabeth.de.la.rochefoucauld@example.test",
        last_visit_on=clock.today() - timedelta(days=40),
    )
    make.home(lady, revel, lines=LONG_LINES)
    make.phone(lady, "+33561000077", verified_by=cast.alice)
    make.phone(lady, "+33639980078", main=False)
    for rank, kind in enumerate((Need.Kind.HEARING, Need.Kind.SIGHT, Need.Kind.MEMORY)):
        Need.objects.create(
            person=lady,
            kind=kind,
            words=f"{LONG_WORD}, depuis l’hiver, surtout en fin de journée",
            helps="Parler lentement, en face, une idée à la fois, et laisser le temps de noter",
            frightens="Les silences, les changements de correspondant sans prévenir",
            source="elle-même, pendant la première visite",
            noted_on="2026-01-12",
            review_on=clock.today() + timedelta(days=100 * rank - 60),
            **make.same_rows(lady),
        )
    for purpose in (Consent.Purpose.RECORD, Consent.Purpose.LETTER):
        Consent.objects.create(
            person=lady,
            purpose=purpose,
            source="la personne, pendant la visite",
            given_on="2026-01-12",
            **make.same_rows(lady),
        )
    daughter = make.person("Lasserre-Montmorency", "Bénédicte", subscriber_since=None)
    make.phone(daughter, "+33639980079")
    make.relative(lady, daughter, "sa fille aînée, qui habite à Montréal", rights=["see", "ask", "be_told"])
    neighbour = make.person("Castelnau", "Paul", title="mr", subscriber_since=None)
    make.relative(lady, neighbour, "son voisin", trusted=False, rights=[])
    return lady


def _neighbour(cast: Cast, rank: int) -> Person:
    family = FAMILIES[rank % len(FAMILIES)]
    made = make.person(
        family,
        f"{'Jean' if rank % 2 else 'Josette'}{'-Pierre' if rank % 3 else ''}",
        title="mr" if rank % 2 else "mrs",
        within=cast.portfolio if rank % 3 else cast.other,
        birth_date=date(1926 + rank, 5, 3),
    )
    make.home(made, make.commune(), lines=f"{rank + 1} rue du Temple")
    make.phone(made, f"+3356100{1000 + rank}", verified_by=cast.alice if rank % 2 else None)
    return made


def _to_place() -> None:
    """Subscribers whom nobody follows yet."""
    for name in ("Petit", LONG_FAMILY):
        make.home(make.person(name, "Paul", title="mr"), make.commune())


def _work(database: str, cast: Cast, lady: Person, neighbours: list[Person]) -> None:
    """Work of every age and state; the lady has some of each."""
    ago = clock.now()
    with clock.at(ago - timedelta(days=20)):
        late = [make.intervention(lady, cast.alice, KINDS[0], complete=False, title=LONG_TITLE)]
        late += [_asked(cast, who, rank) for rank, who in enumerate(neighbours[:8])]
    fresh = [_asked(cast, who, rank) for rank, who in enumerate(neighbours)]
    told = [make.intervention(lady, cast.alice, kind, complete=False) for kind in KINDS]
    with as_owner_of(database):
        for one, state in zip(told, STATES, strict=True):
            put(one, state)
        put(fresh[5], "answered")
        put(fresh[7], "confirmed")
    with acting(cast.alice.actor):
        started = work.start(late[0].pk)
        work.note(started.pk, "us", f"Appelé la caisse : {LONG_WORD}. Rappeler jeudi.")
        work.note(
            started.pk, "person", "Bonjour Madame, votre dossier est parti ce matin. Réponse dans dix jours."
        )
        people.add_phone(lady.pk, "05 82 00 00 07", asked="face")
    _together(cast, told, late[0])


def _together(cast: Cast, told: list[Intervention], started: Intervention) -> None:
    """Relays, mentions, what is put aside or tied: each somewhere on the pages of who works and of who leads."""
    with acting(cast.alice.actor):
        work.link(told[0].pk, told[1].pk, "follows")
        work.split(told[0].pk, LONG_TITLE)
        work.merge(told[0].pk, started.pk, f"C’est la même carte, {LONG_WORD}")
        work.snooze(told[1].pk, clock.today() + timedelta(days=5), "Son fils revient mardi, il a les papiers")
        work.correct(told[0].pk, {}, {"details": f"Sonner deux fois. {LONG_WORD}"})
        papers = receive(
            f"attestation-{LONG_WORD}.pdf", [PDF], told[0].subject_id, portfolio_id=cast.portfolio.pk
        )
        work.attach(told[0].pk, papers.pk, f"Attestation {LONG_WORD}")
        work.note(told[0].pk, "us", f"Qu’en dit @Sylvie ? {LONG_WORD}")
        work.hand_on(told[0].pk, cast.sylvie.account.pk, f"Elle préfère le matin. {LONG_WORD}")
    with acting(cast.sylvie.actor):
        work.note(told[2].pk, "us", "@Alice, la caisse a rappelé.")


def _asked(cast: Cast, who: Person, rank: int) -> Intervention:
    holder = cast.alice if who.portfolio_id == cast.portfolio.pk else cast.bob
    return make.intervention(who, holder, KINDS[rank % len(KINDS)], complete=False, urgent=rank % 9 == 0)


def _calls(cast: Cast, gateway: Any, lady: Person) -> None:
    """Contacts done, under way, ringing, missed, owed, unattached; one grave situation told."""
    for ago in (9, 6, 3):
        _called_before(cast, gateway, lady, "+33561000077", ago, ("follow-request", "no-news", ""))
    nobody = ring(gateway, "+33639980042")
    with acting(cast.charlie.actor):
        contacts.take(nobody.pk)
        contacts.note_reasons(nobody.pk, [("understand", "", "")])
        contacts.conclude(nobody.pk, "Demandait un taxi, a raccroché")
    for number in ("+33639980050", "+33561000077", ""):
        missed = ring(gateway, number)
        tell(gateway, "missed", missed.call_id, number)
    under_way = ring(gateway, "+33561000077")
    with acting(cast.charlie.actor):
        contacts.take(under_way.pk)
        contacts.choose_person(under_way.pk, lady.pk)
        contacts.write_protected(under_way.pk, "scam-in-progress", "On lui a demandé son code de carte.")
        contacts.owe_call_back("promised", contact_id=under_way.pk)
    for number in ("+33561000077", "+33561000001", "+33639980043", "", "+441632960123"):
        ring(gateway, number)


def _called_before(
    cast: Cast, gateway: Any, who: Person, number: str, days: int, reason: tuple[str, str, str]
) -> None:
    """A call of theirs that Alice took, so many days ago."""
    with clock.at(clock.now().astimezone(clock.PARIS) - timedelta(days=days)):
        earlier = ring(gateway, number)
        with acting(cast.alice.actor):
            contacts.take(earlier.pk)
            contacts.choose_person(earlier.pk, who.pk)
            contacts.note_reasons(earlier.pk, [reason])
            contacts.hang_up(earlier.pk)
            contacts.conclude(earlier.pk, f"Elle attend sa carte. {LONG_WORD}")


def _office(cast: Cast, denise: make.Colleague, lady: Person) -> None:
    """Letters to hand over, an absence, a list received with its faults."""
    with acting(cast.sylvie.actor):
        facts = {"day": "mardi 3 mai", "worker": "Bob", "reason": "Alice part à la retraite"}
        prepare(lady.pk, kind="new-correspondent", key="stage", channel="letter", facts=facts)
        declare_absence(
            cast.bob.record.pk, clock.today(), clock.today() + timedelta(days=10), Absence.Reason.LEAVE
        )
    rows = [
        "nom;prenoms;date_naissance;adresse;code_postal;commune;source_consentement;date_consentement",
        "Vidal;Odette;3/5/1938;2 rue du Temple;31250;Revel;CCAS;12/1/2026",
        f"{LONG_FAMILY};{LONG_GIVEN};3/5/1944;{LONG_LINES.splitlines()[0]};31250;Revel;CCAS;12/1/2026",
        "Sans;Date;31/02/1940;2 rue du Temple;31250;Revel;CCAS;12/1/2026",
        "Loin;Paul;3/5/1941;2 rue du Temple;99999;Nulle-Part;;12/1/2026",
    ]
    with acting(denise.actor):
        organisations.add("provider", f"Caisse d’assurance retraite de {LONG_FAMILY}", phone="05 61 00 00 10")
        lists.receive("liste-du-ccas-de-revel.csv", "\n".join(rows).encode(), "CCAS de Revel")
