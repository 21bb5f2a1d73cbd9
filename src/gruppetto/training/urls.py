"""Addresses of the training; included only when the settings say that this is one."""

from django.urls import path

from gruppetto.training import views

app_name = "training"
urlpatterns = [
    path("", views.home, name="home"),
    path("<slug:code>/commencer/", views.start, name="start"),
    path("appels/<str:call_id>/", views.exercise, name="exercise"),
]
