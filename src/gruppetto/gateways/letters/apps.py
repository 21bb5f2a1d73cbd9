from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "gruppetto.gateways.letters"
    label = "letters"
    verbose_name = "courriers"

    def ready(self) -> None:
        from pathlib import Path

        from django.conf import settings

        from gruppetto.gateways.letters import jobs  # noqa: F401  (declares its schedule)
        from gruppetto.gateways.letters.folder import Folder
        from gruppetto.service.messages.ports import use_printer

        if settings.GRUPPETTO_LETTERS_FOLDER:
            use_printer(Folder(Path(settings.GRUPPETTO_LETTERS_FOLDER)))
