"""The sign-in pages speak our French, through the real address and with unknown variables failing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db

# Words of the library's own pages, which ours replace.
ENGLISH = re.compile(r"\b(?:Sign|Password|Please|Authenticator|Recovery|Security Key|Submit|Cancel|Forgot)\b")


@pytest.fixture(autouse=True)
def a_folder_of_collected_files(settings: Any, tmp_path: Path) -> None:
    """The server of static files warns when there is none."""
    settings.STATIC_ROOT = tmp_path


def words(page: str) -> str:
    """What is read on a page: no tag, no script data."""
    return re.sub(r"<script.*?</script>|<[^>]+>", " ", page, flags=re.S)


def test_the_first_page_asks_for_the_account_and_offers_the_passkey(client: Client) -> None:
    page = client.get(reverse("account_login")).content.decode()
    assert "<h1>Se connecter</h1>" in page
    assert "Utiliser ma clé d’accès" in page
    assert "Mot de passe" in page
    assert not ENGLISH.search(words(page))


def test_a_wrong_sign_in_says_so_at_the_top_and_keeps_the_address(client: Client) -> None:
    answer = client.post(reverse("account_login"), {"login": "anne@example.org", "password": "faux"})
    page = answer.content.decode()
    assert "Il y a une chose à corriger" in page
    assert 'value="anne@example.org"' in page
    assert "faux" not in words(page)
    assert not ENGLISH.search(words(page))


def test_the_account_model_is_the_one_the_header_expects() -> None:
    names = {field.name for field in get_user_model()._meta.get_fields()}
    assert {"name", "role"} <= names
