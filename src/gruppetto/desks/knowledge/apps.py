from django.apps import AppConfig


class KnowledgeDeskConfig(AppConfig):
    name = "gruppetto.desks.knowledge"
    label = "knowledge_desk"
    verbose_name = "savoir"
