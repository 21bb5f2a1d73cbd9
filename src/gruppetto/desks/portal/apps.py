from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "gruppetto.desks.portal"
    label = "portal"
    verbose_name = "espace public"
