"""Address of the live events."""

from django.urls import path

from gruppetto.kernel.live.views import events

urlpatterns = [path("faits", events, name="live_events")]
