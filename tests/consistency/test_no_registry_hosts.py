"""No file of the project names where packages come from: each machine says so for itself (decisions 27)."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
LOCKS = [PROJECT / "package-lock.json", *sorted((PROJECT / "requirements").glob("*.txt"))]
LOCKS += sorted((PROJECT / "bench").glob("peers-*.txt"))
# Written in pieces, so that this file is not the one that names them.
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
    )
]


def tracked() -> list[Path]:
    """Files of the project: those git follows or would, else (an export without git) all but what is ignored."""
    command = ["git", "-C", str(PROJECT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    answer = subprocess.run(command, capture_output=True, check=False)
    if answer.returncode == 0:
        return [PROJECT / name.decode() for name in answer.stdout.split(b"\0") if name]
    kept = ("src", "tests", "scripts", "requirements", "docs", "bench", ".ci")
    return [path for folder in kept for path in (PROJECT / folder).rglob("*")] + list(PROJECT.glob("*.*"))


def test_no_file_names_a_registry() -> None:
    found = []
    for path in tracked():
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            found += [f"{path.relative_to(PROJECT)}: {host}" for host in HOSTS if host.encode() in content]
    assert found == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_holds_no_address_of_a_file(lock: Path) -> None:
    text = lock.read_text()
    assert re.findall(r"(?m)^\s*--(?:extra-)?index-url.*|^\s*--find-links.*|file:/\S*| @ \S*", text) == []
    assert '"resolved"' not in text


@pytest.mark.parametrize(
    "lock", [path for path in LOCKS if path.suffix == ".txt"], ids=lambda path: path.name
)
def test_every_python_package_is_locked_by_hash(lock: Path) -> None:
    entries = re.split(r"(?m)^(?=\S)", lock.read_text())
    assert [entry.split()[0] for entry in entries if entry.strip() and "--hash=sha256:" not in entry] == []


def test_every_npm_package_is_locked_by_hash_and_runs_no_script() -> None:
    packages = json.loads((PROJECT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []
    settings = (PROJECT / ".npmrc").read_text().split()
    assert {"omit-lockfile-registry-resolved=true", "ignore-scripts=true"} <= {*settings}


def test_the_locks_agree_with_one_another_and_with_what_the_project_asks() -> None:
    base, dev = (
        dict(re.findall(r"(?m)^([\w.-]+)(?:\[.*?\])?==(\S+)", lock.read_text())) for lock in LOCKS[1:3]
    )
    assert {name: version for name, version in base.items() if dev.get(name) != version} == {}
    asked = re.findall(r'(?m)^\s*"([\w.-]+)(?:\[.*?\])?==([^"]+)"', (PROJECT / "pyproject.toml").read_text())
    assert {
        f"{name}=={pin}" for name, pin in asked if dev.get(re.sub(r"[_.]", "-", name.lower())) != pin
    } == set()
