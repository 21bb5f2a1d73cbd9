from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "gruppetto.insight.indicators"
    label = "indicators"
    verbose_name = "indicateurs"

    def ready(self) -> None:
        from gruppetto.insight.indicators import jobs  # noqa: F401  (declares itself)
