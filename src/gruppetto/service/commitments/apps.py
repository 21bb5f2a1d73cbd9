from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "gruppetto.service.commitments"
    label = "commitments"
    verbose_name = "engagements de délai"

    def ready(self) -> None:
        from gruppetto.service.commitments import events  # noqa: F401  (declares itself)
