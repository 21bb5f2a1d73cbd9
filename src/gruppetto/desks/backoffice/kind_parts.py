"""The parts of a kind of request: what it is, its script, its papers, its steps, what is read aloud."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.backoffice.parts import Condition, Lines, Offers, Part, line, many, one, slug, tick
from gruppetto.desks.shared.forms import DayField
from gruppetto.service.catalogue.vocabulary import (
    DOMAIN_OF,
    Act,
    Doer,
    Field,
    Grade,
    Outcome,
    PersonFact,
    PriceClass,
    QuestionKind,
    Sensitivity,
    SubDomain,
    WarningAbout,
)

MOST_CHOICES = 10


class Essential(Part):
    """What a kind is."""

    label = line(
        gettext_lazy("Nom de la démarche"),
        gettext_lazy("Comme la personne le dit. 80 lettres au plus."),
        required=True,
    )
    words = Lines(
        gettext_lazy("Mots pour la trouver"), gettext_lazy("Un par ligne, comme les gens les disent."), rows=6
    )
    sub_domain = one(gettext_lazy("Domaine"), SubDomain.choices)
    reason = one(gettext_lazy("Motif de contact"), ())
    grade = one(gettext_lazy("Difficulté"), Grade.choices, gettext_lazy("Elle fixe le délai promis."))
    urgent = tick(gettext_lazy("Toujours urgente"), gettext_lazy("Réponse en deux heures d’ouverture."))
    price_class = one(gettext_lazy("Classe de prix"), PriceClass.choices)
    sensitivity = one(gettext_lazy("Confidentialité"), Sensitivity.choices)
    identity_level = one(
        gettext_lazy("Identité nécessaire"),
        (
            ("0", gettext_lazy("0 – personne inconnue")),
            ("1", gettext_lazy("1 – numéro connu")),
            ("2", gettext_lazy("2 – deux réponses justes")),
            ("3", gettext_lazy("3 – confirmée par un code ou par son correspondant")),
        ),
    )
    source_url = line(gettext_lazy("Adresse de la source"), gettext_lazy("Elle commence par https://"))
    seen_on = DayField(
        label=gettext_lazy("Date écrite sur la source"),
        help_text=gettext_lazy("Vide si la page n’en porte pas."),
        required=False,
    )

    def shown(self, item: Mapping[str, Any]) -> dict[str, Any]:
        level = item.get("identity_level")
        both = f"{item.get('reason', '')}/{item.get('sub_reason', '')}" if item.get("reason") else ""
        return {**item, "reason": both, "identity_level": "" if level is None else str(level)}

    def said(self) -> dict[str, Any]:
        kept = super().said()
        kept["reason"], _slash, kept["sub_reason"] = str(kept.get("reason", "")).partition("/")
        if kept.get("sub_domain"):
            kept["domain"] = str(DOMAIN_OF[SubDomain(kept["sub_domain"])])
        if kept.get("identity_level"):
            kept["identity_level"] = int(kept["identity_level"])
        return kept

    def blame(self, key: str, sentence: str) -> None:
        super().blame({"sub_reason": "reason", "domain": "sub_domain"}.get(key, key), sentence)


class Rights(Part):
    """What may be done in the person's name, and with whom."""

    acts_allowed = many(gettext_lazy("On peut"), Act.choices)
    acts_forbidden = many(
        gettext_lazy("On ne fait jamais"),
        Act.choices,
        gettext_lazy("Ce qui n’est ni permis ni interdit se demande au responsable."),
    )
    providers = many(gettext_lazy("Organismes"))
    see_also = many(gettext_lazy("Voir aussi"))


class Question(Part):
    """A closed question read aloud."""

    id = line(
        gettext_lazy("Nom court"),
        gettext_lazy("Un ou deux mots. Il sert dans les phrases à relire, entre accolades."),
        required=True,
    )
    ask = line(gettext_lazy("La question, comme on la lit"), rows=2, required=True)
    kind = one(gettext_lazy("Réponse"), QuestionKind.choices)
    fact = one(gettext_lazy("Renseignement à comparer"), PersonFact.choices)
    fills = one(gettext_lazy("Ce que la réponse remplit"), Field.choices)
    required = tick(gettext_lazy("La réponse est nécessaire"))
    changes = line(gettext_lazy("Ce que la réponse change, pour l’agent"), rows=2)
    help = line(gettext_lazy("Aide pour l’agent"), rows=2)
    unsaid = line(gettext_lazy("Ce que l’on dit sans réponse"), gettext_lazy("Dans les phrases à relire."))
    least = forms.IntegerField(
        label=gettext_lazy("Nombre le plus petit"),
        required=False,
        help_text=gettext_lazy("Une somme : en centimes."),
    )
    most = forms.IntegerField(
        label=gettext_lazy("Nombre le plus grand"),
        required=False,
        help_text=gettext_lazy("Une somme : en centimes."),
    )
    shows_if = Condition()

    def __init__(self, item: Mapping[str, Any], offers: Offers, edition: int, data: Any = None) -> None:
        super().__init__(item, offers, edition, data)
        if item.get("id"):
            # Other parts name it so.
            del self.fields["id"]
        for rank in range(1, MOST_CHOICES + 1):
            self.fields[f"choice_{rank}"] = line(_("Choix %(rank)d, comme on le lit") % {"rank": rank})
            self.fields[f"said_{rank}"] = line(_("Choix %(rank)d, dans la phrase") % {"rank": rank})

    def shown(self, item: Mapping[str, Any]) -> dict[str, Any]:
        more: dict[str, Any] = {}
        for rank, choice in enumerate(item.get("choices", ()), 1):
            more |= {f"choice_{rank}": choice.get("label", ""), f"said_{rank}": choice.get("said", "")}
        return {**item, **more}

    def said(self) -> dict[str, Any]:
        kept = super().said()
        typed = {name: kept.pop(name) for name in list(kept) if name.startswith(("choice_", "said_"))}
        before = self.item.get("choices", ())
        choices = []
        for rank in range(1, MOST_CHOICES + 1):
            if label := typed.get(f"choice_{rank}"):
                code = before[rank - 1]["code"] if rank <= len(before) else slug(label)
                said = typed.get(f"said_{rank}", "")
                choices.append({"code": code, "label": label, **({"said": said} if said else {})})
        kept.pop("choices", None)
        if kept.get("kind") == QuestionKind.CHOICE and choices:
            kept["choices"] = choices
        if kept.get("kind") != QuestionKind.PERSON_FACT:
            kept.pop("fact", None)
        if kept.get("kind") not in (QuestionKind.NUMBER, QuestionKind.AMOUNT):
            kept.pop("least", None)
            kept.pop("most", None)
        kept["id"] = self.item.get("id") or slug(str(kept.get("id", "")), "_")
        return kept

    def blame(self, key: str, sentence: str) -> None:
        super().blame("choice_1" if key == "choices" else key, sentence)


class Paper(Part):
    """A paper, and why it is needed."""

    defaults: ClassVar[Mapping[str, Any]] = {"required": True}
    label = line(gettext_lazy("Le papier"), required=True)
    why = line(
        gettext_lazy("Pourquoi"), gettext_lazy("En une phrase, pour la personne."), rows=2, required=True
    )
    where = line(gettext_lazy("Où on le trouve d’habitude"), rows=2, required=True)
    required = tick(gettext_lazy("Il est indispensable"))
    shows_if = Condition()

    def said(self) -> dict[str, Any]:
        kept = super().said()
        kept["code"] = self.item.get("code") or slug(str(kept.get("label", "")))
        return kept


class Step(Part):
    """A usual step."""

    label = line(gettext_lazy("L’étape"), required=True)
    who = one(gettext_lazy("Qui la fait"), Doer.choices)
    act = one(
        gettext_lazy("Acte fait au nom de la personne"), Act.choices, gettext_lazy("Il doit être permis.")
    )
    detail = line(gettext_lazy("Précision"), rows=2)
    shows_if = Condition()


class Consequence(Part):
    """What answers change for the whole request."""

    says = line(gettext_lazy("Ce que l’agent lit"), rows=2, required=True)
    grade = one(gettext_lazy("La difficulté devient"), Grade.choices)
    urgent = tick(gettext_lazy("Devient urgente"))
    see_kind = one(gettext_lazy("Autre démarche à ouvrir"), ())
    distress = one(gettext_lazy("Conduite à tenir à ouvrir"), ())
    shows_if = Condition()


class Warn(Part):
    """Something to say or to watch."""

    about = one(gettext_lazy("Ce que cela protège"), WarningAbout.choices)
    text = line(gettext_lazy("La mise en garde"), rows=3, required=True)
    shows_if = Condition()


class Sentence(Part):
    """A sentence read aloud before hanging up."""

    say = line(
        gettext_lazy("La phrase"),
        gettext_lazy("Entre accolades : person (le nom), delay (le délai), ou le nom court d’une question."),
        rows=3,
        required=True,
    )
    shows_if = Condition()


class Outcomes(Part):
    """What the person is told at the end."""

    def __init__(self, item: Mapping[str, Any], offers: Offers, edition: int, data: Any = None) -> None:
        super().__init__(item, offers, edition, data)
        for outcome in Outcome:
            self.fields[outcome.value] = line(str(outcome.label), rows=2, required=True)
