"""Addresses of the back office."""

from django.urls import URLPattern, path

from gruppetto.desks.backoffice.content_urls import urlpatterns as contents
from gruppetto.desks.backoffice.message_urls import urlpatterns as message_pages
from gruppetto.desks.backoffice.territory_urls import urlpatterns as territory_pages
from gruppetto.desks.backoffice.views import catalogue, commitments, home, hours, lists, organisations, staff

app_name = "backoffice"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("listes/", lists.lists, name="lists"),
    path("listes/recevoir/", lists.receive, name="receive_list"),
    path("listes/<uuid:list_id>/", lists.one, name="list"),
    path("listes/<uuid:list_id>/decider/", lists.decide, name="decide_line"),
    path("listes/<uuid:list_id>/charger/", lists.load, name="load_list"),
    path("listes/<uuid:list_id>/abandonner/", lists.drop, name="drop_list"),
    path("organismes/", organisations.organisations, name="organisations"),
    path("organismes/<uuid:organisation_id>/", organisations.one, name="organisation"),
    path("organismes/<uuid:organisation_id>/corriger/", organisations.change, name="change_organisation"),
    path("organismes/<uuid:organisation_id>/verifier/", organisations.check, name="check_organisation"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/demarches/<slug:code>/", catalogue.kind, name="kind"),
    path("catalogue/<slug:table>/<slug:code>/verifier/", catalogue.check, name="check_entry"),
    path("engagements/", commitments.commitments, name="commitments"),
    path("engagements/recalculer/", commitments.recompute, name="recompute"),
    path("engagements/recalculs/", commitments.runs, name="recomputations"),
    path("engagements/<uuid:commitment_id>/terminer/", commitments.end, name="end_commitment"),
    path("horaires/", hours.hours, name="hours"),
    path("horaires/<slug:code>/", hours.place, name="hours_of_place"),
    path("horaires/<slug:code>/jours/<uuid:day_id>/retirer/", hours.withdraw_day, name="withdraw_day"),
    *contents,
    *message_pages,
    *territory_pages,
    path("equipe/", staff.staff, name="staff"),
    path("equipe/comptes/<uuid:account_id>/", staff.hire, name="hire"),
    path("equipe/<uuid:staff_id>/", staff.record, name="staff_record"),
    path("absences/", staff.absences, name="absences"),
    path("absences/nouvelle/", staff.declare_absence, name="declare_absence"),
]
