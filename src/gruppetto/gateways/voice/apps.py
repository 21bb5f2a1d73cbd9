from django.apps import AppConfig


class VoiceConfig(AppConfig):
    name = "gruppetto.gateways.voice"
    label = "voice"
    verbose_name = "appels qui disent un code"

    def ready(self) -> None:
        from django.conf import settings

        from gruppetto.gateways.voice.provider import Voice
        from gruppetto.service.messages.ports import VOICE, use_carrier

        if settings.GRUPPETTO_VOICE_URL:
            use_carrier(VOICE, Voice(settings.GRUPPETTO_VOICE_URL, settings.GRUPPETTO_VOICE_SECRET))
