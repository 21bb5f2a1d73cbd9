"""The browser without a screen reads forms as a page has them."""

from __future__ import annotations

import pytest

from gruppetto.demo.browser import Lost, Page, _Reader

HTML = """
<a href="/une/">une</a> <a>sans adresse</a>
<form action="/envoyer/" method="POST" id="f">
  <input type="hidden" name="jeton" value="42"><input name="nom" value="Roux">
  <input type="radio" name="choix" value="a"><input type="radio" name="choix" value="b" checked>
  <input type="checkbox" name="case" value="x"><input name="vieux" disabled value="non">
  <select name="jour"><option value="1">lundi</option><option value="2" selected>mardi</option></select>
  <textarea name="texte">
deux &amp; deux</textarea>
  <button name="go" value="wait">Attendre</button>
</form>
<input name="dehors" value="ici" form="f">
"""


@pytest.fixture
def page() -> Page:
    found = Page("http://127.0.0.1/x/?q=1", 200, HTML, "text/html")
    _Reader(found).feed(HTML)
    return found


def test_a_form_holds_what_the_page_put_in_it(page: Page) -> None:
    form = page.form("/envoyer/")
    assert form.method == "post"
    assert dict(form.fields) == {
        "jeton": "42",
        "nom": "Roux",
        "choix": "b",
        "jour": "2",
        "texte": "deux & deux",
        "dehors": "ici",
    }
    assert form.choices["choix"] == ["a", "b"]
    assert form.buttons == [("go", "wait")]


def test_what_is_typed_replaces_what_was_there(page: Page) -> None:
    sent = page.form("/envoyer/", jeton="42").filled({"nom": "Petit", "case": ["x", "y"]})
    assert ("nom", "Roux") not in sent
    assert [value for name, value in sent if name == "case"] == ["x", "y"]


def test_a_form_that_is_not_there_is_said_with_the_words_of_the_page(page: Page) -> None:
    with pytest.raises(Lost, match=r"/x/\?q=1 \(200\) has no form /autre/ : une sans adresse"):
        page.form("/autre/")
    assert page.links == ["/une/"]
