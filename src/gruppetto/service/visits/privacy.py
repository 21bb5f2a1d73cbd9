"""What the room keeps: a visit that went well goes the next night, an alarm stays three months."""

from django.utils.translation import gettext_lazy as _

from gruppetto.registry.people.holders import declare_rows
from gruppetto.service.visits.models import Visit

ENDED_DAYS = 1
ALARM_DAYS = 90

declare_rows(
    Visit,
    why=_("venir en aide à un membre de l’équipe seul en visite"),
    kept=_("1 jour après une visite sans alarme, 3 mois après la fin d’une alarme"),
    days=ALARM_DAYS,
    erased="blanked",
    blank=("whose", "place", "found"),
)
