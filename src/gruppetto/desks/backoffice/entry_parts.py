"""Drafts that fit on one page: a help line, a distress guide, an article."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.backoffice.parts import Lines, Offers, Part, line, many, one, tick
from gruppetto.desks.shared.forms import DayField
from gruppetto.service.catalogue.vocabulary import (
    LineChannel,
    ProtectedRecord,
    SubDomain,
)

MOST_SECTIONS = 6


class HelpLineText(Part):
    """A number of the distress panel."""

    number = line(gettext_lazy("Numéro"), gettext_lazy("Comme on le compose : 15, 116 006…"), required=True)
    label = line(gettext_lazy("Nom"), required=True)
    purpose = line(gettext_lazy("Utilité"), required=True)
    channel = forms.ChoiceField(label=gettext_lazy("On le joint par"), choices=LineChannel.choices)


class GuideText(Part):
    """What to do for somebody in distress."""

    label = line(gettext_lazy("Titre"), required=True)
    key = line(gettext_lazy("Touche"), gettext_lazy("Une seule lettre."), required=True)
    sign = line(gettext_lazy("À quoi on le reconnaît"), rows=2, required=True)
    steps = Lines(gettext_lazy("Ce qu’il faut faire, dans l’ordre"), rows=8)
    say = Lines(gettext_lazy("Ce que l’on dit"))
    never = Lines(gettext_lazy("Ce que l’on ne fait jamais"))
    help_lines = many(gettext_lazy("Numéros d’aide"))
    protected_record = one(gettext_lazy("Signalement protégé"), ProtectedRecord.choices)
    hidden_from_relatives = tick(gettext_lazy("Caché aux proches"))
    hidden_from_staff_concerned = tick(gettext_lazy("Caché au membre de l’équipe mis en cause"))


class ArticleText(Part):
    """An article of knowledge."""

    leads_to_articles: ClassVar[bool] = True

    title = line(gettext_lazy("Titre"), gettext_lazy("80 lettres au plus."), required=True)
    summary = line(
        gettext_lazy("Ce que l’on y trouve"), gettext_lazy("En une phrase."), rows=2, required=True
    )
    words = Lines(gettext_lazy("Mots pour le trouver"), gettext_lazy("Un par ligne, trois au moins."))
    sub_domain = one(gettext_lazy("Domaine"), SubDomain.choices, gettext_lazy("Vide : article général."))
    source_url = line(gettext_lazy("Adresse de la source"), gettext_lazy("Elle commence par https://"))
    seen_on = DayField(label=gettext_lazy("Date écrite sur la source"), required=False)
    kinds = many(gettext_lazy("Démarches servies"))
    see_also = many(gettext_lazy("Voir aussi"), (), gettext_lazy("Six liens au plus."))

    def __init__(self, item: Mapping[str, Any], offers: Offers, edition: int, data: Any = None) -> None:
        super().__init__(item, offers, edition, data)
        texts: dict[str, forms.Field] = {}
        for rank in range(1, MOST_SECTIONS + 1):
            texts[f"title_{rank}"] = line(_("Partie %(rank)d : titre") % {"rank": rank})
            texts[f"text_{rank}"] = line(
                _("Partie %(rank)d : texte") % {"rank": rank},
                _("Une ligne vide sépare deux paragraphes. Une ligne qui commence par « - » fait une liste."),
                rows=5,
            )
        links = {name: self.fields.pop(name) for name in ("kinds", "see_also") if name in self.fields}
        self.fields |= texts | links

    def shown(self, item: Mapping[str, Any]) -> dict[str, Any]:
        more: dict[str, Any] = {}
        for rank, section in enumerate(item.get("sections", ()), 1):
            more |= {
                f"title_{rank}": section.get("title", ""),
                f"text_{rank}": str(section.get("text", "")).strip(),
            }
        return {**item, **more}

    def said(self) -> dict[str, Any]:
        kept = super().said()
        typed = {name: kept.pop(name) for name in list(kept) if name.startswith(("title_", "text_"))}
        sections = []
        for rank in range(1, MOST_SECTIONS + 1):
            title, text = typed.get(f"title_{rank}", ""), typed.get(f"text_{rank}", "")
            if title or text:
                sections.append({"title": title, "text": text})
        return {**kept, "sections": sections}
