"""Addresses of what staff read to answer."""

from django.urls import URLPattern, path

from gruppetto.desks.knowledge import views

app_name = "knowledge_desk"
urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("articles/<slug:code>/", views.article, name="article"),
    path("articles/<slug:code>/avis/", views.rate, name="rate"),
    path("demarches/<slug:code>/", views.kind, name="kind"),
    path("demarches/<slug:code>/a-cote/", views.beside, name="beside"),
    path("organismes/<uuid:organisation_id>/", views.organisation, name="organisation"),
    path("propositions/", views.proposals, name="proposals"),
    path("proposer/<slug:about>/<slug:code>/", views.propose, name="propose"),
]
