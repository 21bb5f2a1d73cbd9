from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "gruppetto.kernel.files"
    label = "files"
    verbose_name = "fichiers"

    def ready(self) -> None:
        from gruppetto.kernel.actors.sentences import sentence
        from gruppetto.kernel.files import jobs, models
        from gruppetto.kernel.outbox import subscribe

        for rule, words in models.SENTENCES.items():
            sentence(rule, words)
        subscribe(jobs.RECEIVED, jobs.SCAN)
