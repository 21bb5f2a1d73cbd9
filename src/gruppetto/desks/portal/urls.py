"""Addresses open to everybody."""

from django.urls import URLPattern, path

from gruppetto.desks.portal import views

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("engagements/", views.engagements, name="engagements"),
    path("engagements.json", views.engagements_json, name="engagements_json"),
]
