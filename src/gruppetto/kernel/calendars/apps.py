from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "gruppetto.kernel.calendars"
    label = "calendars"
    verbose_name = "calendriers"
