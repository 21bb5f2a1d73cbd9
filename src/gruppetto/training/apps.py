from django.apps import AppConfig
from django.conf import settings


class TrainingConfig(AppConfig):
    name = "gruppetto.training"
    label = "training"
    verbose_name = "entraînement"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created

        from gruppetto.training.guard import look

        if settings.TRAINING:
            # Each process of a training looks at its database before it reads or writes anything in it.
            connection_created.connect(look, dispatch_uid="training.never_real")
