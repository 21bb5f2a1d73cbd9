from django.apps import AppConfig


class PreferencesConfig(AppConfig):
    name = "gruppetto.kernel.preferences"
    label = "preferences"
    verbose_name = "préférences"
