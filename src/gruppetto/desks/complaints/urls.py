"""Addresses of complaints: noting one during a contact, answering those one may read."""

from __future__ import annotations

from django.urls import URLPattern, path

from gruppetto.desks.complaints import views

app_name = "complaints"

ONE = "<uuid:complaint_id>/"
urlpatterns: list[URLPattern] = [
    path("", views.listing, name="list"),
    path("noter/<uuid:contact_id>/", views.note_one, name="file"),
    path("delai/", views.terms, name="terms"),
    path(ONE, views.one, name="one"),
    path(f"{ONE}lettre.pdf", views.letter, name="letter"),
    path(f"{ONE}<slug:step>/", views.act, name="act"),
]
