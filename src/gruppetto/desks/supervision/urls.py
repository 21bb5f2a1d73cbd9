"""Addresses of the supervisor's desk."""

from django.urls import URLPattern, path

from gruppetto.desks.supervision.views import (
    absences,
    calls,
    letters,
    live,
    persons,
    protected,
    territory,
    work,
)

app_name = "supervision"
urlpatterns: list[URLPattern] = [
    path("", live.home, name="home"),
    path("chiffres/", live.figures, name="figures"),
    path("charge/", live.load, name="load"),
    path("files/", live.rail, name="rail"),
    path("appels/", calls.calls, name="calls"),
    path("contacts/", calls.contacts, name="contacts"),
    path("contacts/<uuid:contact_id>/", calls.contact, name="contact"),
    path("contacts/<uuid:contact_id>/rappeler/", calls.call_back, name="call_back"),
    path("interventions/", work.work, name="work"),
    path("interventions/<uuid:intervention_id>/", work.intervention, name="intervention"),
    path("interventions/<uuid:intervention_id>/confier/", work.assign, name="assign"),
    path("personnes/", persons.persons, name="persons"),
    path("personnes/<uuid:person_id>/", persons.person, name="person"),
    path("personnes/<uuid:person_id>/placer/", persons.place, name="place"),
    path("courriers/", letters.letters, name="letters"),
    path("courriers/<uuid:message_id>/", letters.one, name="letter"),
    path("courriers/<uuid:message_id>/courrier.pdf", letters.paper, name="letter_pdf"),
    path("courriers/<uuid:message_id>/remis/", letters.handed_over, name="handed_over"),
    path("fiches-protegees/", protected.records, name="protected"),
    path("fiches-protegees/<uuid:record_id>/", protected.record, name="record"),
    path("territoire/", territory.territory, name="territory"),
    path("portefeuilles/<int:portfolio_id>/transmettre/", territory.hand_over, name="hand_over"),
    path("absences/", absences.absences, name="absences"),
    path("absences/nouvelle/", absences.declare, name="declare_absence"),
]
