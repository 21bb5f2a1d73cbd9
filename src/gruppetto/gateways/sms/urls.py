"""Address of the SMS operator's callbacks."""

from django.urls import path

from gruppetto.gateways.sms.views import callback

urlpatterns = [path("", callback, name="sms_callback")]
