"""What is typed about territories, zones, teams and portfolios."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.backoffice.forms import line
from gruppetto.desks.shared.absences import named
from gruppetto.desks.shared.forms import DayField
from gruppetto.registry.coverage.models import Team, Territory
from gruppetto.registry.coverage.territories import Place
from gruppetto.registry.staff.models import Staff

PART = re.compile(r"([0-9AB]{5})-([0-9]{5})")


def since(label: Any) -> DayField:
    """The day a change begins: today at the earliest."""
    return DayField(label=label, help_text=gettext_lazy("Par exemple 3/5 ou 3 mai 2027."), past=False)


class NameForm(forms.Form):
    """A name, alone."""

    name = line(gettext_lazy("Nom"), longest=120)


class WithinForm(NameForm):
    """A name in a territory."""

    territory = forms.ChoiceField(label=gettext_lazy("Territoire"))

    def __init__(self, *args: Any, territories: Iterable[Territory], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), one.name) for one in territories]
        self.fields["territory"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def within(self) -> UUID:
        """The territory chosen, once valid."""
        return UUID(self.cleaned_data["territory"])


class PartsField(forms.MultipleChoiceField):
    """Lines ``31451-31250`` (commune, postcode), whatever was searched; what does not exist the domain refuses."""

    def valid_value(self, value: Any) -> bool:
        return PART.fullmatch(str(value)) is not None

    def clean(self, value: Any) -> list[Place]:
        return [(one[:5], one[6:]) for one in super().clean(value)]


class PartsForm(forms.Form):
    """The parts to add, from a day."""

    parts = PartsField(
        label=gettext_lazy("Communes et codes postaux"),
        error_messages={"required": gettext_lazy("Choisissez au moins une commune.")},
    )
    on = since(gettext_lazy("À partir du"))


class UntilForm(forms.Form):
    """The first day without."""

    on = since(gettext_lazy("À partir du (premier jour sans)"))


class CoverForm(forms.Form):
    """The team that serves a zone, from a day."""

    team = forms.ChoiceField(label=gettext_lazy("Équipe"))
    on = since(gettext_lazy("À partir du"))

    def __init__(self, *args: Any, teams: Iterable[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", str(_("Choisissez"))), *((str(one.pk), one.name) for one in teams)]
        self.fields["team"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class JoinForm(forms.Form):
    """Somebody who joins a team, from a day."""

    staff = forms.ChoiceField(label=gettext_lazy("Qui entre dans l’équipe ?"))
    leads = forms.BooleanField(
        label=gettext_lazy("Mène l’équipe"),
        help_text=gettext_lazy("Seulement un responsable : il voit les personnes de tous ses portefeuilles."),
        required=False,
    )
    on = since(gettext_lazy("À partir du"))

    def __init__(self, *args: Any, colleagues: Iterable[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].choices = named(colleagues)  # type: ignore[attr-defined]  # a ChoiceField


class PortfolioForm(NameForm):
    """A portfolio: name, size aimed at, usual substitute."""

    target_size = forms.IntegerField(
        label=gettext_lazy("Taille visée"),
        help_text=gettext_lazy("Le nombre de personnes pour un temps plein."),
        initial=150,
        min_value=1,
        max_value=1000,
    )
    substitute = forms.ChoiceField(
        label=gettext_lazy("Remplaçant habituel"),
        help_text=gettext_lazy("Il suit les personnes quand le titulaire est absent."),
        required=False,
    )

    def __init__(self, *args: Any, members: Iterable[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", str(_("Aucun"))), *((str(one.pk), one.account.name) for one in members)]
        self.fields["substitute"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def said(self) -> tuple[str, int, UUID | None]:
        """Name, size, substitute, once valid."""
        chosen = self.cleaned_data["substitute"]
        return self.cleaned_data["name"], self.cleaned_data["target_size"], UUID(chosen) if chosen else None
