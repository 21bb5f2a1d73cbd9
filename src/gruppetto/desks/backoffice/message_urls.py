"""Addresses of standard texts and of what messages cost."""

from django.urls import URLPattern, path

from gruppetto.desks.backoffice.views import costs, texts

urlpatterns: list[URLPattern] = [
    path("textes/", texts.texts, name="texts"),
    path("textes/demandes/<uuid:request_id>/", texts.answer, name="answer_text_request"),
    path("textes/<slug:kind>/", texts.text, name="text"),
    path("textes/<slug:kind>/ecrire/", texts.write, name="write_text"),
    path("textes/<slug:kind>/demander/", texts.ask, name="ask_text"),
    path("messages/", costs.spending, name="costs"),
    path("messages/prix/", costs.set_price, name="set_price"),
    path("messages/budget/", costs.set_budget, name="set_budget"),
]
