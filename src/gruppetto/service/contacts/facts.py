"""What a contact may ask of the person about us: the first name of the correspondent who knows them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gruppetto.registry.coverage.models import Holding
from gruppetto.registry.coverage.reads import today
from gruppetto.registry.people.identity import declare_fact
from gruppetto.registry.people.models import Person


def correspondent_first_name(person: Person) -> str | None:
    """The first name of the titular correspondent, not of the substitute: it is the one the person knows."""
    holders = Holding.objects.filter(
        portfolio_id=person.portfolio_id, capacity=Holding.Capacity.HOLDER, during__contains=today()
    )
    name = holders.values_list("staff__account__name", flat=True).first()
    return name.split()[0] if name else None


declare_fact(
    "correspondent", _("Quel est le prénom de votre correspondant ?"), correspondent_first_name, "name"
)
