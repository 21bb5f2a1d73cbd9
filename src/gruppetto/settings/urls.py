"""All pages. Addresses are in French; each page declares its rule where its view is written."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("gruppetto.desks.shared.urls")),
    path("compte/connexion/avec/", include("gruppetto.gateways.identity.urls")),
    path("plate-forme/", include("gruppetto.desks.call_desk.urls")),
    path("responsable/causes/", include("gruppetto.desks.causes.urls")),
    path("responsable/", include("gruppetto.desks.supervision.urls")),
    path("planning/", include("gruppetto.desks.supervision.rota_urls")),
    path("gestion/", include("gruppetto.desks.backoffice.urls")),
    path("journal/", include("gruppetto.desks.backoffice.audit_urls")),
    path("plateforme/", include("gruppetto.desks.backoffice.platform_urls")),
    path("reclamations/", include("gruppetto.desks.complaints.urls")),
    path("visites/", include("gruppetto.desks.visits.urls")),
    path("interventions/", include("gruppetto.desks.work.urls")),
    path("", include("gruppetto.desks.correspondent.urls")),
    path("savoir/", include("gruppetto.desks.knowledge.urls")),
    path("", include("gruppetto.desks.portal.urls")),
    path("direct/", include("gruppetto.kernel.live.urls")),
    path("hooks/telephony/", include("gruppetto.gateways.telephony.urls")),
    path("hooks/sms/", include("gruppetto.gateways.sms.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demonstration/", include("gruppetto.demo.urls")))

if settings.TRAINING:
    urlpatterns.append(path("entrainement/", include("gruppetto.training.urls")))

handler400 = "gruppetto.desks.shared.errors.bad_request"
handler403 = "gruppetto.desks.shared.errors.forbidden"
handler404 = "gruppetto.desks.shared.errors.not_found"
handler500 = "gruppetto.desks.shared.errors.broken"
