"""Addresses of the auditor."""

from django.urls import URLPattern, path

from gruppetto.desks.backoffice.views import audit

app_name = "audit"
urlpatterns: list[URLPattern] = [
    path("", audit.entries, name="home"),
    path("personne/", audit.person, name="person"),
    path("<uuid:entry_id>/", audit.entry, name="entry"),
]
