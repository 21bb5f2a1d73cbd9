"""Address of telephony."""

from django.urls import path

from gruppetto.gateways.telephony.views import receive

urlpatterns = [path("<str:line>", receive, name="telephony")]
