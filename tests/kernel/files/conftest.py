"""A folder, a key and a person for each test of the files."""

import base64

import pytest

from gruppetto.kernel.identifiers import new_id
from tests.kernel.files.stage import PORTFOLIO, may_see


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.GRUPPETTO_FILES_FOLDER = tmp_path / "files"
    settings.GRUPPETTO_FILES_KEY = "a:" + base64.b64encode(b"a" * 32).decode()
    return tmp_path / "files"


@pytest.fixture
def person(alice):
    """The id of a person of Alice's portfolio."""
    may_see(alice, portfolio_id=PORTFOLIO)
    return new_id()
