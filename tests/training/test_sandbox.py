"""A training is never taken for the real platform, and never opens one."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as house_settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.template import Context, Template
from django.test import Client

from gruppetto.cli.places import PACKAGE
from gruppetto.kernel.documents import rendering
from gruppetto.kernel.journal.models import Origin
from gruppetto.launcher import LauncherError
from gruppetto.launcher.roles import VARIABLES
from gruppetto.training import guard, play
from tests.support import factories as make
from tests.support.database import as_owner

BAND = '<p class="training-band"'


@pytest.mark.django_db
def test_an_invented_database_is_opened() -> None:
    guard.never_real(connection)
    with as_owner():
        Origin.objects.create(origin="demo")
    guard.never_real(connection)


@pytest.mark.django_db
def test_a_real_database_is_refused() -> None:
    with as_owner():
        Origin.objects.create(origin="real")
    with pytest.raises(ImproperlyConfigured, match="began as real"):
        guard.never_real(connection)


def test_it_does_not_start_beside_the_addresses_of_a_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES.values():
        monkeypatch.setenv(name, "postgresql://somebody@127.0.0.1:1/real")
    with pytest.raises(LauncherError, match="of its own"):
        play.main([])


def test_nothing_leaves_whatever_the_environment_says() -> None:
    carriers = ("GRUPPETTO_SMS_URL", "GRUPPETTO_SMTP_URL", "GRUPPETTO_VOICE_URL", "GRUPPETTO_LETTERS_FOLDER")
    told = "import json; from gruppetto import settings as s; print(json.dumps([getattr(s, n) for n in {}]))"
    for training, expected in (("1", [""] * 4), ("", ["x"] * 4)):
        found = subprocess.run(
            [sys.executable, "-c", told.format(carriers)],
            env={
                **os.environ,
                **dict.fromkeys(carriers, "x"),
                "GRUPPETTO_TRAINING": training,
                "GRUPPETTO_SECRET_KEY": "k" * 50,
                "GRUPPETTO_SERVICE_KEY": "s" * 50,
            },
            capture_output=True,
            check=True,
            timeout=60,
        )
        assert json.loads(found.stdout) == expected


def test_each_connection_is_looked_at_in_a_training_only() -> None:
    told = (
        "import django; django.setup()\n"
        "from django.db.backends.signals import connection_created as made\n"
        "print(any(one[0][0] == 'training.never_real' for one in made.receivers))"
    )
    for training, expected in (("1", "True"), ("", "False")):
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "gruppetto.settings",
            "GRUPPETTO_TRAINING": training,
            "GRUPPETTO_SECRET_KEY": "k" * 50,
            "GRUPPETTO_SERVICE_KEY": "s" * 50,
        }
        found = subprocess.run(
            [sys.executable, "-c", told],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        assert found.stdout.strip() == expected


@pytest.mark.django_db
def test_the_band_the_tint_and_the_title_are_on_every_page(settings: Any, client: Client) -> None:
    make.catalogue()
    agent = make.colleague("Alix", "agent").signed_in.client()
    pages = [
        (client, "/compte/connexion/"),
        (agent, "/plate-forme/"),
        (agent, "/nulle-part/"),
        (agent, "/gestion/"),
    ]
    for browser, path in pages:
        assert BAND not in browser.get(path).content.decode()
    assert 'href="tel:' in agent.get("/plate-forme/").content.decode()
    settings.TRAINING = True
    for browser, path in pages:
        page = browser.get(path).content.decode()
        assert BAND in page, path
        assert 'class="training mood-' in page, path
        assert "Entraînement" in page.split("</title>")[0], path
        # Emergency numbers are real: an exercise dials nothing.
        assert not re.search(r'href="(tel|sms):', page), path


def test_every_page_has_that_one_frame() -> None:
    frames = [path for path in PACKAGE.rglob("templates/**/*.html") if "<!DOCTYPE" in path.read_text()]
    assert [path.name for path in frames] == ["base.html"]


def test_no_number_can_be_dialled(settings: Any) -> None:
    shown = Template("{% load ui %}{% phone_link '+33561000001' 'Jeanne' %}")
    assert "tel:" in shown.render(Context())
    settings.TRAINING = True
    assert "tel:" not in shown.render(Context())
    assert "05 61 00 00 01" in shown.render(Context()).replace("\u00a0", " ")


def test_papers_say_that_they_are_an_exercise(
    settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    printed: list[dict[str, Any]] = []

    def keep(_fonts: Path, _source: Path, inputs: dict[str, str], _standards: object) -> bytes:
        printed.append(json.loads(inputs["data"]))
        return b""

    (tmp_path / "one.ttf").touch()
    settings.GRUPPETTO_FONTS_FOLDER = tmp_path
    monkeypatch.setattr(rendering, "_compile", keep)
    monkeypatch.setattr(rendering, "_unseen", lambda _fonts, _paper: frozenset())
    for training in (False, True):
        settings.TRAINING = training
        rendering.render("letter", {"title": "Votre demande"})
    assert printed[0]["title"] == "Votre demande"
    assert printed[1]["title"].startswith("EXERCICE")
    assert printed[1]["house"]["name"] == f"EXERCICE – {house_settings.GRUPPETTO_NAME}"
