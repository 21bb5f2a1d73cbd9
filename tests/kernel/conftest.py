"""Actors of the kernel's tests: accounts with opaque roles."""

from __future__ import annotations

import pytest

from tests.support.actors import Staff, staff


@pytest.fixture
def alice(db: None) -> Staff:
    return staff("Alice", "correspondent")


@pytest.fixture
def bob(db: None) -> Staff:
    return staff("Bob", "correspondent")


@pytest.fixture
def auditor(db: None) -> Staff:
    return staff("Aude", "auditor")
