"""One's own rota, for everybody who has one."""

from django.urls import URLPattern, path

from gruppetto.desks.supervision.views import rota

app_name = "rota"
urlpatterns: list[URLPattern] = [path("", rota.mine, name="mine")]
