from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "gruppetto.kernel.jobs"
    label = "jobs"
    verbose_name = "travaux"
