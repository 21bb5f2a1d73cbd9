"""Signing in as people do: the real page, the real code, the keyboard if need be; axe and zoom on what is open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import ScryptPasswordHasher
from playwright.sync_api import Locator, Page, expect

from gruppetto.kernel.access.models import Account
from tests.browser.conftest import Platform
from tests.support.codes import code, new_secret
from tests.support.races import as_owner_of

PASSWORD = "Cinq-Pommes-en-7-Sacs"
SIGN_IN = "/compte/connexion/"
# A screen of 1440 enlarged twice, and the narrowest (WCAG 1.4.4, 1.4.10).
NARROW, ZOOMED = 320, 720
STOPS = 60


@dataclass(frozen=True)
class Member:
    """Somebody with a password; ``secret`` is what their telephone holds, empty before the first time."""

    account: Account
    secret: str

    def code(self, steps: int = 0) -> str:
        """What the telephone shows, now or ``steps`` of 30 s away."""
        return code(self.secret, steps)


def member(
    platform: Platform, name: str, role: str = "agent", *, protected: bool = True, **more: Any
) -> Member:
    """An account of ``role`` with a password, and with a second factor unless it is the first time."""
    secret = new_secret() if protected else ""
    # As the platform keeps it: the tests' own quick way would be unknown there.
    scrypt = ScryptPasswordHasher()
    with as_owner_of(platform.database, platform.server):
        account = Account.objects.create_account(f"{uuid4().hex}@example.test", name, role, **more)
        account.password = scrypt.encode(PASSWORD, scrypt.salt())
        account.save(update_fields=["password"])
        if secret:
            TOTP.activate(account, secret)
    return Member(account, secret)


def address(platform: Platform) -> str:
    """The platform by name: keys of access belong to a name, not to a number."""
    return f"http://localhost:{platform.web.port}"


@contextmanager
def stranger(platform: Platform, *allowed: str) -> Iterator[Page]:
    """A browser that nobody has signed in with; it fails on any error told to its console but those ``allowed``."""
    context = platform.browser.new_context(
        base_url=address(platform),
        viewport={"width": 1440, "height": 900},
        locale="fr-FR",
        timezone_id="Europe/Paris",
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    told: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: told.append(f"{page.url}: {error}"))
    page.on("console", lambda said: told.append(f"{page.url}: {said.text}") if said.type == "error" else None)
    try:
        yield page
    finally:
        context.close()
    wrong = [one for one in told if not any(words in one for words in allowed)]
    assert not wrong, "\n".join(wrong)


def sign_in(page: Page, who: Member) -> None:
    """Password, then the code shown now; ends on the first page of their role."""
    page.goto(SIGN_IN)
    page.get_by_label("Courriel").fill(who.account.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Code à 6 chiffres").fill(who.code())
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", name="Deuxième vérification")).to_have_count(0)


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until ``target`` has the focus, as somebody without a mouse does."""
    for _ in range(STOPS):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{STOPS} Tabs do not lead to {target}")


def narrow_without_loss(page: Page) -> None:
    """At 320 px, and enlarged twice, nothing needs to be scrolled sideways."""
    before = page.viewport_size
    for width in (NARROW, ZOOMED):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)
    if before:
        page.set_viewport_size(before)
