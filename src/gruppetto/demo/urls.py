"""Address of the demo's door; included only when the settings say that this is a demo."""

from django.urls import path

from gruppetto.demo import views

urlpatterns = [
    path("", views.door, name="demo"),
    path("entrer/", views.enter, name="demo_enter"),
]
