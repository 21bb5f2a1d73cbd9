from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "gruppetto.registry.staff"
    label = "staff"
    verbose_name = "équipe"

    def ready(self) -> None:
        from gruppetto.registry.staff import events, jobs  # noqa: F401  (declare themselves)
        from gruppetto.registry.staff.abilities import declare_roles

        declare_roles()
