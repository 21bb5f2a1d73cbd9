"""All pages. Addresses are in French; each page declares its rule where its view is written."""

from django.urls import include, path

urlpatterns = [
    path("", include("gruppetto.desks.shared.urls")),
    path("plate-forme/", include("gruppetto.desks.call_desk.urls")),
    path("responsable/", include("gruppetto.desks.supervision.urls")),
    path("", include("gruppetto.desks.correspondent.urls")),
    path("direct/", include("gruppetto.kernel.live.urls")),
    path("hooks/telephony/", include("gruppetto.gateways.telephony.urls")),
]

handler400 = "gruppetto.desks.shared.errors.bad_request"
handler403 = "gruppetto.desks.shared.errors.forbidden"
handler404 = "gruppetto.desks.shared.errors.not_found"
handler500 = "gruppetto.desks.shared.errors.broken"
