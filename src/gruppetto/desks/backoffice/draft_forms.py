"""What goes with a draft: why it changes, from when, what to look at again; and a new one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.backoffice.parts import line
from gruppetto.desks.shared.forms import DayField
from gruppetto.kernel.clock import now
from gruppetto.service.catalogue.reads import kinds_in_force


class WhyForm(forms.Form):
    """What changes, for whoever reads again."""

    why = line(
        gettext_lazy("Ce qui change, en une phrase"), gettext_lazy("Cette phrase reste dans l’historique.")
    )


class FromForm(forms.Form):
    """When it comes into force."""

    valid_from = DayField(
        label=gettext_lazy("En vigueur à partir du"),
        help_text=gettext_lazy("Vide : tout de suite. Par exemple 3/5 ou 3 mai 2027."),
        required=False,
        past=False,
    )


class BackForm(forms.Form):
    """What must be looked at again."""

    words = line(gettext_lazy("Ce qu’il faut revoir"), rows=2)


class NewForm(forms.Form):
    """A new kind, from nothing or from a copy."""

    label = line(gettext_lazy("Nom de la démarche"), gettext_lazy("Comme la personne le dit."), required=True)
    copy_of = forms.ChoiceField(label=gettext_lazy("Partir de"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        nothing = [("", _("Rien, une page blanche"))]
        self.fields["copy_of"].choices = nothing + [  # type: ignore[attr-defined]  # a ChoiceField
            (kind.code, kind.label) for kind in kinds_in_force(now())
        ]
