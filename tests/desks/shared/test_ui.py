"""The building blocks say what they promise, and let no typed text act as code."""

from __future__ import annotations

import html
import json
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest
from django import forms
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory

from gruppetto.desks.shared.errors import SPOKEN, TROUBLES, error_page, refused, spoken_code
from gruppetto.desks.shared.figures import Cell, Chart, Column, Series
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import NotYours, Refused, TooLate

NASTY = '"><script>alert(1)</script>'


def shown(source: str, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


class Ids(HTMLParser):
    """Ids of a page and what points at them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.pointed: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in ("aria-describedby", "aria-labelledby", "for"):
                self.pointed += (value or "").split()
            elif name == "href" and (value or "").startswith("#"):
                self.pointed.append((value or "")[1:])


class Visit(forms.Form):
    name = forms.CharField(label="Nom", help_text="Comme sur la carte.")
    when = forms.ChoiceField(
        label="Quand ?", choices=[("a", "Matin"), ("b", "Soir")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="D’accord")

    def clean(self) -> dict[str, Any]:
        self.add_error(None, "Choisissez un autre jour.")
        return super().clean() or {}


def test_each_error_is_said_at_the_top_and_under_its_field_and_linked_to_it() -> None:
    form = Visit({"name": "", "when": ""})
    page = shown("{% error_summary form %}{% fields form %}", form=form)
    found = Ids(page)
    assert "Il y a 4 choses à corriger" in page
    assert "Choisissez un autre jour." in page
    assert {"id_name", "id_when_0", "id_agreed"} <= set(found.pointed)
    assert set(found.pointed) - set(found.ids) == set()
    assert 'aria-describedby="id_name_help id_name_error"' in page
    assert page.count('aria-invalid="true"') == 4  # name, two answers, box


def test_what_was_typed_stays_and_required_is_said_in_words() -> None:
    page = shown("{% fields form %}", form=Visit({"name": "Roux"}))
    assert 'value="Roux"' in page
    assert page.count("(obligatoire)") == 3


def test_without_error_there_is_no_summary() -> None:
    assert shown("{% error_summary form %}", form=Visit()).strip() == ""


def test_a_note_and_a_message_cannot_be_taken_for_each_other() -> None:
    source = "{% entry kind=kind who='Anne' at=at channel=channel %}texte{% endentry %}"
    note = shown(source, kind="internal", at=now(), channel="")
    sent = shown(source, kind="to_person", at=now(), channel="sms")
    assert "la personne ne la voit pas" in note
    assert "#lock-fill" in note
    assert "entry-internal" in note
    assert "À la personne" in sent
    assert "#send-fill" in sent
    assert "SMS" in sent
    assert "la personne ne la voit pas" not in sent


@pytest.mark.parametrize(
    "source",
    [
        "{% icon 'dot' nasty %}",
        "{% badge nasty %}",
        "{% banner title=nasty %}{{ nasty }}{% endbanner %}",
        "{% empty nasty nasty href=nasty label=nasty %}",
        "{% entry kind='internal' who=nasty at=at delivery=nasty %}{{ nasty }}{% endentry %}",
        "{% person_card name=nasty born=nasty place=nasty phone=nasty %}{% endperson_card %}",
        "{% figure nasty nasty note=nasty definition=nasty %}",
        "{% data_table nasty columns rows %}",
        "{% phone_link nasty nasty %}",
        "{% confirm id='a' title=nasty button=nasty %}{{ nasty }}{% endconfirm %}",
        "{% composer 'reply' nasty draft=nasty %}",
        "{% chart chart %}",
    ],
)
def test_what_people_type_is_never_code(source: str) -> None:
    page = shown(
        source,
        nasty=NASTY,
        at=now(),
        columns=[Column(NASTY)],
        rows=[[Cell(NASTY, NASTY)]],
        chart=Chart("c", NASTY, NASTY, NASTY, [NASTY], [Series(NASTY, [1])]),
    )
    assert "<script>alert" not in page
    assert NASTY not in page


def test_a_recent_moment_carries_the_exact_one_for_readers() -> None:
    page = shown("{% when at %}", at=now() - timedelta(minutes=5))
    assert "il y a" in page
    assert "title=" in page
    assert "visually-hidden" in page


def test_paging_keeps_the_filters_and_drops_the_old_cursor() -> None:
    request = RequestFactory().get("/x?file=retard&apres=1&equipe=3")
    page = shown("{% pager shown=25 total='12' after='0192' %}", request=request)
    assert 'href="?file=retard&amp;equipe=3&amp;apres=0192"' in page
    assert "Page d’avant" not in page


def test_the_table_and_the_picture_say_the_same_and_an_absence_is_not_a_zero() -> None:
    chart = Chart(
        "calls",
        "Appels",
        "Reçus",
        "Heure",
        ["8 h", "9 h"],
        [Series("Reçus", [1234, None])],
        links=["?h=8", "?h=9"],
    )
    page = shown("{% chart chart %}", chart=chart)
    data = json.loads(html.unescape(page.split('data-chart="')[1].split('"')[0]))
    assert data["series"][0]["values"] == [1234, None]
    assert "1\u202f234" in page
    assert "non mesuré" in page
    assert 'href="?h=9"' in page
    assert 'role="img"' in page


def test_a_row_of_another_length_than_the_columns_is_our_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        shown("{% data_table 'x' columns rows %}", columns=[Column("a")], rows=[[1, 2]])


def request_for(**headers: str) -> HttpRequest:
    request = RequestFactory().get("/x", headers=headers)
    request.resolver_match = None
    request.id = UUID(int=7)  # type: ignore[attr-defined]  # set by the middleware of the house
    return request


@pytest.mark.parametrize("status", sorted(TROUBLES))
def test_an_error_page_says_what_happened_what_is_kept_what_to_do_and_a_code(status: int) -> None:
    response = error_page(request_for(), status)
    page = response.content.decode()
    assert response.status_code == status
    for words in (TROUBLES[status].happened, TROUBLES[status].kept, TROUBLES[status].todo):
        assert str(words) in page
    assert spoken_code(UUID(int=7)) in page


@pytest.mark.parametrize(("error", "status"), [(Refused, 422), (NotYours, 403), (TooLate, 409)])
def test_a_refusal_of_the_domain_is_said_with_its_own_sentence(error: type[Refused], status: int) -> None:
    response = refused(request_for(), error("Le mandat est terminé.", code="mandate-over"))
    assert response.status_code == status
    assert "Le mandat est terminé." in response.content.decode()
    assert "mandate-over" in response.content.decode()


def test_a_refusal_inside_a_page_is_only_its_words() -> None:
    page = error_page(request_for(HX_Request="true"), 409).content.decode()
    assert "<html" not in page
    assert "Quelqu’un d’autre" in page


def test_the_code_said_on_the_phone_is_the_same_for_the_same_request() -> None:
    one, other = UUID(int=2**30 - 1), UUID(int=1)
    assert spoken_code(one) == spoken_code(one) != spoken_code(other)
    assert set(spoken_code().replace("-", "")) <= set(SPOKEN)
