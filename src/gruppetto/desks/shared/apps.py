"""The room of the shared look."""

from django.apps import AppConfig


class Shared(AppConfig):
    name = "gruppetto.desks.shared"
    label = "shared"
