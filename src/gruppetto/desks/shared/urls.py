"""Pages that belong to no desk."""

from django.urls import URLPattern, URLResolver, include, path

from gruppetto.desks.shared import account, finding, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", account.home, name="home"),
    path("compte/", include("gruppetto.desks.shared.account_urls")),
    path("recherche/", finding.start, name="find"),
    path("recherche/propositions/", finding.suggest, name="find_suggest"),
    path("recherche/<str:sealed>/", finding.results, name="find_results"),
    path("guide-de-style/", views.style_guide, name="style_guide"),
    path("guide-de-style/bureau/", views.style_guide, {"sheet": "bureau"}, name="style_guide_desk"),
    path("guide-de-style/porte/", views.style_guide, {"sheet": "porte"}, name="style_guide_door"),
    path("guide-de-style/chiffres/", views.style_guide, {"sheet": "chiffres"}, name="style_guide_figures"),
]
