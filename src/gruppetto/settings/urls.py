"""All pages. Addresses are in French; each page declares its rule where its view is written."""

from django.urls import include, path

urlpatterns = [
    path("", include("gruppetto.desks.shared.urls")),
    path("compte/", include("allauth.account.urls")),
    path("compte/double-cle/", include("allauth.mfa.urls")),
    path("direct/", include("gruppetto.kernel.live.urls")),
]
