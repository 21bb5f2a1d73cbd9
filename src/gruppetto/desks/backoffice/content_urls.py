"""Addresses of the back office for contents: catalogue by versions, reasons, knowledge, corrections."""

from django.urls import URLPattern, path

from gruppetto.desks.backoffice.views import catalogue, drafts, knowledge, reasons

DRAFT = "brouillons/<uuid:draft_id>/"

urlpatterns: list[URLPattern] = [
    path("brouillons/", drafts.all_drafts, name="drafts"),
    path("brouillons/nouvelle-demarche/", drafts.new_kind, name="new_kind"),
    path("brouillons/nouvel-article/", knowledge.new_article, name="new_article"),
    path(DRAFT, drafts.draft, name="draft"),
    path(f"{DRAFT}apercu/", drafts.preview, name="preview"),
    path(f"{DRAFT}decision/<slug:what>/", drafts.decide, name="decide_draft"),
    path(f"{DRAFT}<slug:section_code>/", drafts.part, name="draft_part"),
    path(f"{DRAFT}<slug:section_code>/<int:number>/", drafts.part, name="draft_element"),
    path(f"{DRAFT}<slug:section_code>/<int:number>/deplacer/", drafts.move, name="draft_move"),
    path("catalogue/<slug:table>/<slug:code>/modifier/", drafts.begin, name="begin_draft"),
    path("catalogue/demarches/<slug:code>/retirer/", catalogue.withdraw, name="withdraw_kind"),
    path(
        "catalogue/demarches/<slug:code>/versions/<int:number>/retirer/",
        catalogue.unschedule,
        name="unschedule_kind",
    ),
    path("motifs/", reasons.reasons, name="reasons"),
    path("motifs/nouveau/", reasons.reason, name="new_reason"),
    path("motifs/dits-autrement/traites/", reasons.settle, name="settle_otherwise"),
    path("motifs/<slug:code>/", reasons.reason, name="reason"),
    path("motifs/<slug:code>/retirer/", reasons.end, name="end_reason"),
    path("articles/", knowledge.articles, name="articles"),
    path("articles/recherches/<uuid:search_id>/", knowledge.settle, name="settle_search"),
    path("corrections/", knowledge.corrections, name="corrections"),
    path("corrections/<uuid:correction_id>/", knowledge.correction, name="correction"),
    path("a-verifier/", knowledge.to_check, name="to_check"),
]
