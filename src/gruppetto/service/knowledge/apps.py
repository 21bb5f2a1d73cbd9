from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "gruppetto.service.knowledge"
    label = "knowledge"
    verbose_name = "connaissances"
