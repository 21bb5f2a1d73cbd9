"""Gisèle keeps the lists, Aude audits, Dana administers; each with a browser."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.service.conftest import cast
from tests.support.actors import Staff, staff

__all__ = ["cast"]


@pytest.fixture
def gisele(db: None) -> Staff:
    """Of the back office."""
    return staff("Gisèle", "back_office")


@pytest.fixture
def aude(db: None) -> Staff:
    """The auditor."""
    return staff("Aude", "auditor")


@pytest.fixture
def dana(db: None) -> Staff:
    """The administrator."""
    return staff("Dana", "administrator")


@pytest.fixture
def office(gisele: Staff) -> Client:
    """Gisèle's browser."""
    return gisele.client()


@pytest.fixture
def audit(aude: Staff) -> Client:
    """Aude's browser."""
    return aude.client()


@pytest.fixture
def platform(dana: Staff) -> Client:
    """Dana's browser."""
    return dana.client()
