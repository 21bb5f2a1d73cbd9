"""Addresses of the way to an identity provider and back; each answers 404 while no provider is set."""

from django.urls import URLPattern, path

from gruppetto.gateways.identity import views

urlpatterns: list[URLPattern] = [
    path("<slug:code>/", views.start, name="provider_start"),
    path("<slug:code>/retour/", views.come_back, name="provider_come_back"),
]
