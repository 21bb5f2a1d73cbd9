from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "gruppetto.kernel.access"
    label = "access"
    verbose_name = "accès"

    def ready(self) -> None:
        from gruppetto.kernel.access import jobs, rows, signals  # noqa: F401  (they connect themselves)
        from gruppetto.kernel.actors.sentences import sentence

        for rule, words in rows.SENTENCES.items():
            sentence(rule, words)
