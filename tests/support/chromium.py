"""The browser of the tests: Debian's chromium, found on PATH; its absence is a failure, not a silence."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

# No sandbox for root in a container; nothing that looks for the network by itself.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WITHOUT = "GRUPPETTO_WITHOUT_BROWSER"
# How long a page may take to come to what is expected, in milliseconds: a wait that ends as soon as it does, on the
# slowest machine. How fast pages are is measured by the benches.
PATIENCE = 20_000


def chromium() -> str:
    """Where chromium is. Fails the test when it is nowhere; skips it when the machine says that it cannot have one."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found:
        return found
    if os.environ.get(WITHOUT) == "1":
        pytest.skip(f"{WITHOUT}=1: this machine cannot have chromium (no root to install it)")
    pytest.fail(f"chromium is not installed (apt install chromium); where it cannot be, set {WITHOUT}=1")


@contextmanager
def opened() -> Iterator[Browser]:
    """One browser. Its loop runs in the thread of the tests, which also set the stage through the ORM."""
    program = chromium()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
