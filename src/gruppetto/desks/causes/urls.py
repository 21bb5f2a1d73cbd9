"""Addresses of causes: what is counted, the rows behind, those that wait, the list."""

from __future__ import annotations

from django.urls import URLPattern, path

from gruppetto.desks.causes import views

app_name = "causes"

urlpatterns: list[URLPattern] = [
    path("", views.table, name="table"),
    path("contacts/", views.rows, name="rows"),
    path("a-trouver/", views.waiting, name="waiting"),
    path("contacts/<uuid:reason_id>/", views.find, name="find"),
    path("liste/", views.kept, name="kept"),
    path("liste/<slug:code>/retirer/", views.retire, name="retire"),
]
