from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "gruppetto.demo"
    label = "demo"
    verbose_name = "démonstration"
