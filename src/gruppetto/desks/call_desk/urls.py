"""Addresses of the call desk. What is typed about a person is sent, never written in an address."""

from __future__ import annotations

from django.urls import URLPattern, path

from gruppetto.desks.call_desk.views import call, details, line, notes, requests

app_name = "call_desk"

CONTACT = "contacts/<uuid:contact_id>/"
REQUEST = f"{CONTACT}demande/<slug:kind_code>/"

urlpatterns: list[URLPattern] = [
    path("", line.desk, name="home"),
    path("ligne/", line.line, name="line"),
    path("moment/", line.how_it_goes, name="moment"),
    path("accueil/", line.visit, name="visit"),
    path("a-la-main/", line.hand_typed, name="hand_typed"),
    path("rappels/", line.call_backs, name="call_backs"),
    path("rappels/<uuid:call_back_id>/", line.start_call_back, name="start_call_back"),
    path(CONTACT, call.contact, name="contact"),
    path(f"{CONTACT}prendre/", line.take, name="take"),
    path(f"{CONTACT}rejoindre/", line.join, name="join"),
    path(f"{CONTACT}rappels/<uuid:call_back_id>/", line.note_call_back, name="note_call_back"),
    path(f"{CONTACT}chercher/", call.find, name="find"),
    path(f"{CONTACT}personne/", call.choose, name="choose"),
    path(f"{CONTACT}nouvelle-personne/", call.new_person, name="new_person"),
    path(f"{CONTACT}qui-parle/", call.speaker, name="speaker"),
    path(f"{CONTACT}identite/", call.ask, name="ask_identity"),
    path(f"{CONTACT}identite/reponse/", call.answer, name="answer_identity"),
    path(f"{CONTACT}identite/reconnue/", call.vouch, name="vouch"),
    path(f"{CONTACT}code/", call.code, name="code"),
    path(f"{CONTACT}code/envoyer/", call.send_code, name="send_code"),
    path(f"{CONTACT}code/redit/", call.answer_code, name="answer_code"),
    path(f"{CONTACT}mot/", call.say_word, name="say_word"),
    path(f"{CONTACT}fiche/<slug:what>/", details.change, name="change_details"),
    path(f"{CONTACT}transferer/", call.pass_on, name="pass_on"),
    path(f"{CONTACT}correspondant/", call.bring_in, name="bring_in"),
    path(f"{CONTACT}raccrocher/", call.hang_up, name="hang_up"),
    path(f"{CONTACT}conclure/", call.conclude, name="conclude"),
    path(f"{CONTACT}motifs/", notes.reasons, name="reasons"),
    path(f"{CONTACT}brouillon/<slug:part>/", notes.draft, name="draft"),
    path(f"{CONTACT}rappeler/", notes.promise_call_back, name="promise_call_back"),
    path(f"{CONTACT}signaler/<slug:guide_code>/", notes.protect, name="protect"),
    path(f"{CONTACT}demarches/", requests.kinds, name="kinds"),
    path(f"{CONTACT}demandes/<uuid:intervention_id>/", requests.decide, name="decide"),
    path(REQUEST, requests.ask, name="request"),
    path(f"{REQUEST}questions/", requests.questions, name="questions"),
    path(f"{REQUEST}relire/", requests.read_back, name="read_back"),
]
