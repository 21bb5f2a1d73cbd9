from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "gruppetto.registry.staff"
    label = "staff"
    verbose_name = "équipe"

    def ready(self) -> None:
        from gruppetto.registry.staff import events  # noqa: F401  (declares itself)
        from gruppetto.registry.staff.abilities import declare_roles

        declare_roles()
