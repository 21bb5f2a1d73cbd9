from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "gruppetto.service.contacts"
    label = "contacts"
    verbose_name = "contacts"
