"""Addresses of the administrator."""

from django.urls import URLPattern, path

from gruppetto.desks.backoffice.views import platform

app_name = "platform"
urlpatterns: list[URLPattern] = [
    path("", platform.accounts, name="home"),
    path("comptes/nouveau/", platform.create, name="create_account"),
    path("comptes/<uuid:account_id>/", platform.account, name="account"),
    path("comptes/<uuid:account_id>/mot-de-passe-provisoire/", platform.password, name="password"),
    path("comptes/<uuid:account_id>/<slug:code>/", platform.act, name="act"),
    path("sante/", platform.health, name="health"),
]
