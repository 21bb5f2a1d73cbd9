"""Addresses of the back office for territories: read by those who lead them, changed by those who keep them."""

from django.urls import URLPattern, path

from gruppetto.desks.backoffice.views import territories, territory_parts, territory_teams

ROOT = "territoires/"
ZONE, TEAM, PORTFOLIO = (
    f"{ROOT}zones/<uuid:zone_id>/",
    f"{ROOT}equipes/<uuid:team_id>/",
    f"{ROOT}portefeuilles/<int:portfolio_id>/",
)

urlpatterns: list[URLPattern] = [
    path(ROOT, territories.territories, name="territories"),
    path(f"{ROOT}nouveau/", territories.new_territory, name="new_territory"),
    path(f"{ROOT}zones/nouvelle/", territories.new_zone, name="new_zone"),
    path(ZONE, territories.zone, name="zone"),
    path(f"{ZONE}renommer/", territories.rename_zone, name="rename_zone"),
    path(f"{ZONE}communes/", territory_parts.add, name="add_parts"),
    path(f"{ROOT}communes/<uuid:part_id>/retirer/", territory_parts.remove, name="remove_part"),
    path(f"{ZONE}equipe/", territory_parts.cover, name="cover_zone"),
    path(f"{ROOT}equipes/nouvelle/", territories.new_team, name="new_team"),
    path(TEAM, territories.team, name="team"),
    path(f"{TEAM}renommer/", territories.rename_team, name="rename_team"),
    path(f"{TEAM}membres/", territory_teams.join, name="join_team"),
    path(f"{ROOT}membres/<uuid:member_id>/depart/", territory_teams.leave, name="leave_team"),
    path(f"{TEAM}portefeuilles/nouveau/", territory_teams.new_portfolio, name="new_portfolio"),
    path(PORTFOLIO, territory_teams.portfolio, name="portfolio"),
    path(f"{PORTFOLIO}fermer/", territory_teams.close, name="close_portfolio"),
]
