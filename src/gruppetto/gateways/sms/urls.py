"""Address of the SMS operator's callbacks."""

from django.urls import path

from gruppetto.gateways.sms.views import report

urlpatterns = [path("", report, name="sms_report")]
