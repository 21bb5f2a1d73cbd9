"""Every address × every role: nobody without a session, nobody without the ability, no page that breaks."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client

from gruppetto.kernel.access.rules import roles
from tests.consistency.telling import nothing
from tests.support.actors import Staff, staff
from tests.support.pages import Page, pages

pytestmark = pytest.mark.django_db
SIGN_IN = "/compte/connexion/"
ROLES = sorted(roles())


def closed(answer: object) -> bool:
    """Said by the middleware: this role does not have the ability."""
    return b"ability-missing" in getattr(answer, "content", b"")


def asked() -> list[Page]:
    """Pages that a person opens."""
    return [page for page in pages() if page.rule and not page.rule.service and not page.rule.streams]


@pytest.fixture(params=ROLES)
def somebody(request: pytest.FixtureRequest, db: None) -> Staff:
    return staff("Alix", request.param)


def test_without_a_session_every_page_leads_to_sign_in() -> None:
    browser = Client()
    for page in asked():
        assert page.rule is not None
        if page.rule.public:
            continue
        for method in (browser.get, browser.post):
            answer = method(page.path)
            assert answer.status_code == HTTPStatus.FOUND, str(page)
            assert answer.headers["Location"].startswith(SIGN_IN), str(page)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_page_opens_to_the_roles_that_have_its_ability_and_to_no_other(
    somebody: Staff, method: str
) -> None:
    """About things that do not exist: the page may say 404, or that the address wants another method; never 500."""
    browser = somebody.client()
    browser.raise_request_exception = False
    role, abilities = somebody.account.role, roles()[somebody.account.role]
    wrong, broken = [], []
    for page in asked():
        assert page.rule is not None
        if page.rule.public or page.name.startswith(("account_", "mfa_")):
            continue
        allowed = not page.rule.ability or page.rule.ability in abilities
        # A refusal is said to a pane in a few words: quicker to read for those whom nothing opens to.
        answer = getattr(browser, method)(page.path, headers=None if allowed else {"HX-Request": "true"})
        if closed(answer) == allowed:
            wrong.append(page)
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            broken.append(f"{page}: {getattr(answer, 'exc_info', ('', ''))[1]!r}")
    nothing(
        broken, f"pages that break for {role}, about things that do not exist (raise Unknown, not an error):"
    )
    nothing(
        wrong, f"opened to {role} without the ability of the page, or closed to it in spite of the ability:"
    )


def test_somebody_whose_role_is_unknown_opens_no_page_of_a_desk() -> None:
    browser = staff("Sacha", "visitor").client()
    for page in asked():
        if page.rule and page.rule.ability:
            assert closed(browser.get(page.path, headers={"HX-Request": "true"})), str(page)
