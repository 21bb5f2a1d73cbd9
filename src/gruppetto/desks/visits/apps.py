from django.apps import AppConfig


class VisitsDeskConfig(AppConfig):
    name = "gruppetto.desks.visits"
    label = "visits_desk"
    verbose_name = "visites et alarmes"
