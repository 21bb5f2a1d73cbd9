"""How the rows of this room combine: identity, numbers, addresses, agreements, needs, relatives, the chosen word."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from gruppetto.kernel import clock
from gruppetto.kernel.identifiers import dates, phones
from gruppetto.kernel.identifiers.names import phonetic_key, sounds_of
from gruppetto.registry.people.merging import (
    BOTH,
    LOST,
    NO,
    YES,
    Conflict,
    Fact,
    Line,
    Pair,
    Part,
    declare_merging,
    this_or_that,
)
from gruppetto.registry.people.models import Address, Consent, Need, Person, Phone, Relative

# Two values of these are a conflict; one value fills an empty place.
FIELDS = (
    "title",
    "family_name",
    "usage_name",
    "given_names",
    "birth_date",
    "died_on",
    "email",
    "language",
    "preferred_channel",
    "energy_provider",
    "phone_provider",
)
IDENTITY = ("family_name", "usage_name", "given_names", "birth_date")
NAMES = ("given_names", "family_name", "usage_name")
PROVED_APART = gettext_lazy(
    "Chacune de ces deux fiches a été vérifiée auprès de la personne, et leurs dates de naissance diffèrent : ce sont"
    " deux personnes. Si l’une des dates est fausse, corrigez-la d’abord sur sa fiche."
)
PROVED_WITHOUT_LINK = gettext_lazy(
    "Chacune de ces deux fiches a été vérifiée auprès de la personne, et rien de vérifié ne les relie. Notez d’abord"
    " la date de naissance, ou vérifiez le même numéro sur les deux fiches."
)
EACH_OTHERS = gettext_lazy(
    "Ces deux personnes sont notées proches l’une de l’autre : ce sont deux personnes. Si ce lien est faux, retirez-le"
    " d’abord."
)


def identity(pair: Pair) -> Part:
    """Names, birth, coordinates of the record itself; refuses two persons whom we know apart."""
    kept, lost = pair.kept, pair.lost
    facts, conflicts, changes = [], [], dict[str, Any]()
    for name in FIELDS:
        ours, theirs = getattr(kept, name), getattr(lost, name)
        if name == "title":
            ours, theirs = (value if value != Person.Title.NONE else "" for value in (ours, theirs))
        label = getattr(Person._meta.get_field(name), "verbose_name", name)
        shown = _shown(kept, name) if ours else "", _shown(lost, name) if theirs else ""
        facts.append(Fact(label, *shown))
        if ours and theirs and ours != theirs:
            conflicts.append(
                Conflict(name, _("Que garder : %(what)s ?") % {"what": label}, this_or_that(*shown))
            )
            if pair.takes(name) == LOST:
                changes[name] = theirs
        elif theirs and not ours:
            changes[name] = theirs
    if kept.chosen_word and lost.chosen_word and kept.chosen_word != lost.chosen_word:
        conflicts.append(
            Conflict(
                "chosen_word",
                _("La personne a choisi deux mots. Demandez-lui lequel elle garde."),
                this_or_that(_("le mot de la fiche gardée"), _("le mot de l’autre fiche")),
            )
        )
    if lost.chosen_word and (not kept.chosen_word or pair.takes("chosen_word") == LOST):
        changes["chosen_word"] = lost.chosen_word
    changes |= _life(kept, lost) | {
        "email_verified_at": _verified_at(changes.get("email", kept.email), kept, lost)
    }
    changes = {name: value for name, value in changes.items() if getattr(kept, name) != value}
    if "family_name" in changes:
        changes["phonetic_key"] = phonetic_key(changes["family_name"])
    if changes.keys() & set(NAMES):
        changes["sounds"] = sounds_of(*(changes.get(name, getattr(kept, name)) for name in NAMES))
    lines = (Line(kept, _("la fiche gardée"), changes),) if changes else ()
    return Part(_("Identité"), tuple(facts), tuple(conflicts), lines, tuple(_apart(kept, lost)))


def _verified_at(email: str, *records: Person) -> datetime | None:
    """When the address that stays was last verified, on either record."""
    dates = [one.email_verified_at for one in records if one.email_verified_at and one.email == email]
    return max(dates, default=None)


def _life(kept: Person, lost: Person) -> dict[str, Any]:
    """Dates and marks that need no decision: the earliest beginning, the latest visit, a protection that stays."""
    began = [one for one in (kept, lost) if one.subscriber_since]
    over = [one.subscriber_until for one in began]
    return {
        "subscriber_since": min(
            (one.subscriber_since for one in began if one.subscriber_since), default=None
        ),
        "subscriber_until": None if None in over else max(filter(None, over), default=None),
        "first_visit_on": min(filter(None, (kept.first_visit_on, lost.first_visit_on)), default=None),
        "last_visit_on": max(filter(None, (kept.last_visit_on, lost.last_visit_on)), default=None),
        "protected": kept.protected or lost.protected,
    }


def _apart(kept: Person, lost: Person) -> Iterable[Any]:
    """Two identities each proved by us, that nothing proved ties together, never merge."""
    numbers = Phone.objects.filter(
        subject_id__in=[kept.pk, lost.pk], verified_at__isnull=False, ended_at=None
    )
    verified: dict[Any, set[str]] = {kept.pk: set(), lost.pk: set()}
    for owner, number in numbers.values_list("subject_id", "number"):
        verified[owner].add(number)
    if all(one.first_visit_on or verified[one.pk] for one in (kept, lost)):
        births = {kept.birth_date, lost.birth_date}
        if None not in births:
            if len(births) == 2:
                yield PROVED_APART
        elif not (verified[kept.pk] & verified[lost.pk] or _same_address(kept, lost)):
            yield PROVED_WITHOUT_LINK
    between = Relative.objects.filter(
        subject_id__in=[kept.pk, lost.pk], relative_id__in=[kept.pk, lost.pk], ended_on=None
    )
    if between.exists():
        yield EACH_OTHERS


def _same_address(kept: Person, lost: Person) -> bool:
    return kept.email == lost.email and all(one.email_verified_at for one in (kept, lost))


def coordinates(pair: Pair) -> Part:
    """Numbers and addresses: all are kept; one main number, one home, one place for mail."""
    facts, conflicts, lines = [], [], list[Line]()
    in_use = Phone.objects.filter(subject_id__in=pair.ids, ended_at=None).order_by("-main", "id")
    ours, theirs = pair.split(in_use)
    facts.append(Fact(_("Téléphones"), _numbers(ours), _numbers(theirs)))
    mine = {phone.number: phone for phone in ours}
    gone = set[Any]()
    for phone in theirs:
        if (twin := mine.get(phone.number)) is not None:
            # The same number twice: the verified one stays.
            less = twin if phone.verified_at and not twin.verified_at else phone
            gone.add(less.pk)
            lines.append(Line(less, phones.display(less.number), {"ended_at": clock.now(), "main": False}))
    left = [phone for phone in (*ours, *theirs) if phone.pk not in gone]
    mains = [phone for phone in left if phone.main]
    if len(mains) == 2:
        conflicts.append(
            Conflict(
                "main_phone",
                _("Quel numéro appeler d’abord ?"),
                this_or_that(phones.display(mains[0].number), phones.display(mains[1].number)),
            )
        )
        less = mains[0] if pair.takes("main_phone") == LOST else mains[1]
        lines.append(Line(less, phones.display(less.number), {"main": False}))
    elif not mains and left:
        lines.append(Line(left[0], phones.display(left[0].number), {"main": True}))
    # Rows that give up a place come first: the database allows one main number at a time.
    lines.sort(key=lambda line: bool(line.changes.get("main")))
    current = Address.objects.filter(subject_id__in=pair.ids, until=None).select_related("commune")
    ours, theirs = pair.split(current)
    for kind, label in Address.Kind.choices:
        home = next((one for one in ours if one.kind == kind), None)
        other = next((one for one in theirs if one.kind == kind), None)
        facts.append(Fact(str(label).capitalize(), _place(home), _place(other)))
        if home is None or other is None:
            continue
        same = (home.street_key, home.postcode) == (other.street_key, other.postcode)
        if not same:
            conflicts.append(
                Conflict(
                    f"address_{kind}",
                    _("Où est-ce aujourd’hui : %(what)s ?") % {"what": label},
                    this_or_that(_place(home), _place(other)),
                )
            )
        left_one = home if not same and pair.takes(f"address_{kind}") == LOST else other
        day = max(filter(None, (clock.today(), left_one.since)))
        lines.append(Line(left_one, _place(left_one), {"until": day}))
    return Part(_("Coordonnées"), tuple(facts), tuple(conflicts), tuple(lines))


def agreements(pair: Pair) -> Part:
    """Agreements: one in force per purpose; where one record says yes and the other no, the person is asked."""
    facts, conflicts, lines = [], [], list[Line]()
    ours, theirs = pair.split(Consent.objects.filter(subject_id__in=pair.ids).order_by("given_on", "id"))
    today = clock.today()
    for purpose, label in Consent.Purpose.choices:
        sides = [[one for one in side if one.purpose == purpose] for side in (ours, theirs)]
        if not any(sides):
            continue
        facts.append(Fact(str(label).capitalize(), *(_agreed(side) for side in sides)))
        in_force = [one for side in sides for one in side if one.withdrawn_on is None]
        refused = [side for side in sides if side and all(one.withdrawn_on for one in side)]
        if in_force and refused:
            conflicts.append(
                Conflict(
                    f"consent_{purpose}",
                    _("La personne est-elle d’accord : %(what)s ?") % {"what": label},
                    (YES, NO),
                )
            )
        stays = [] if pair.takes(f"consent_{purpose}") == NO.code else in_force[:1]
        for one in in_force:
            if one not in stays:
                lines.append(Line(one, str(label), {"withdrawn_on": max(today, one.given_on)}))
    return Part(_("Accords"), tuple(facts), tuple(conflicts), tuple(lines))


def needs(pair: Pair) -> Part:
    """Special needs: all are kept; two of one kind in other words are for a human to choose."""
    facts, conflicts, lines = [], [], list[Line]()
    ours, theirs = pair.split(Need.objects.filter(subject_id__in=pair.ids, ended_on=None).order_by("id"))
    for kind, label in Need.Kind.choices:
        mine = [one for one in ours if one.kind == kind]
        others = [one for one in theirs if one.kind == kind]
        if not (mine or others):
            continue
        facts.append(Fact(str(label).capitalize(), _said(mine), _said(others)))
        known = {(one.words, one.helps, one.frightens) for one in mine}
        fresh = [one for one in others if (one.words, one.helps, one.frightens) not in known]
        ending = [one for one in others if one not in fresh]
        if mine and fresh:
            code = f"need_{kind}"
            conflicts.append(
                Conflict(
                    code,
                    _("Que garder du besoin « %(what)s » ?") % {"what": label},
                    this_or_that(_said(mine), _said(fresh), both=_("les deux")),
                )
            )
            ending += {LOST: mine, BOTH: []}.get(pair.takes(code), fresh)
        lines += [Line(one, str(label), {"ended_on": clock.today()}) for one in ending]
    return Part(_("Besoins particuliers"), tuple(facts), tuple(conflicts), tuple(lines))


def relatives(pair: Pair) -> Part:
    """Relatives: all are kept; the same one with other rights is for a human to choose, never added up."""
    conflicts, lines = [], list[Line]()
    links = list(Relative.objects.filter(subject_id__in=pair.ids, ended_on=None).order_by("id"))
    ours, theirs = pair.split(links)
    mine = {one.relative_id: one for one in ours}
    for other in theirs:
        if (same := mine.get(other.relative_id)) is None:
            continue
        less = other
        if (sorted(same.rights), same.trusted) != (sorted(other.rights), other.trusted):
            code = f"relative_{other.relative_id}"
            conflicts.append(
                Conflict(
                    code,
                    _("Quels droits garde ce proche (%(link)s) ?") % {"link": same.link},
                    this_or_that(_rights(same), _rights(other)),
                )
            )
            less = same if pair.takes(code) == LOST else other
        lines.append(Line(less, less.link, {"ended_on": clock.today()}))
    fact = Fact(
        _("Proches"), *(", ".join(f"{one.link} ({_rights(one)})" for one in side) for side in (ours, theirs))
    )
    return Part(_("Proches"), (fact,) if links else (), tuple(conflicts), tuple(lines))


def _shown(person: Person, name: str) -> str:
    value = getattr(person, name)
    if isinstance(value, date):
        return str(dates.day_text(value, year=True, weekday=False))
    if name == "language":
        return _language(value)
    named = getattr(person, f"get_{name}_display", None)
    return str(named() if named else value)


def _language(code: str) -> str:
    try:
        named: str = get_language_info(code)["name_translated"]
    except KeyError:
        # A regional language, or a sign language: Django does not know them.
        return code
    return named.lower()


def _numbers(rows: Iterable[Phone]) -> str:
    return ", ".join(
        phones.display(row.number) + (f" ({_('vérifié')})" if row.verified_at else "") for row in rows
    )


def _place(address: Address | None) -> str:
    return f"{address.lines}, {address.postcode} {address.commune.name}" if address else ""


def _agreed(rows: list[Consent]) -> str:
    if not rows:
        return ""
    return _("d’accord") if any(one.withdrawn_on is None for one in rows) else _("accord retiré")


def _said(rows: Iterable[Need]) -> str:
    return " ; ".join(" – ".join(filter(None, (row.words, row.helps, row.frightens))) for row in rows)


def _rights(row: Relative) -> str:
    said = [str(Relative.Right(right).label) for right in row.rights]
    if row.trusted:
        said.append(_("proche de confiance"))
    return ", ".join(said) or _("aucun droit")


for _order, _rule in enumerate((identity, coordinates, agreements, needs, relatives)):
    declare_merging(f"people.{_rule.__name__}", _rule, order=_order)
