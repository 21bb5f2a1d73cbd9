"""``gruppetto bench demo``: from a fresh checkout to the first page of the demo, then from one start to the next.

A clone of the last commit in a temporary folder, set up by ``make setup``. What is downloaded is downloaded before, on
a clock of its own, without any cache of this machine; the set-up then finds every file beside it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.tools.measure import Report, arguments
from gruppetto.cli.places import PROJECT
from gruppetto.demo.cast import PILOT

PATIENCE = 600.0
NPM_FILES = ("package.json", "package-lock.json", ".npmrc")


def main(argv: Sequence[str]) -> int:
    """Run the bench; 0 when both bars are reached."""
    parser = arguments("demo", __doc__ or "")
    parser.add_argument("--subscribers", type=int, default=PILOT, help="default: the pilot")
    parser.add_argument("--scale", type=int, default=1, help="times as many subscribers")
    asked = parser.parse_args(argv)
    subscribers = asked.subscribers * asked.scale
    report = Report("demo", {"subscribers": subscribers})
    with tempfile.TemporaryDirectory(prefix="bench-demo-") as folder:
        measure(report, Path(folder), subscribers)
    return report.say(asked.json)


def measure(report: Report, folder: Path, subscribers: int) -> None:
    """Clone, download, set up, start twice; put the figures into ``report``."""
    checkout, wheels, npm_cache = folder / "checkout", folder / "wheels", folder / "npm"
    clone = timed("clone", ["git", "clone", "--quiet", "--no-hardlinks", str(PROJECT), str(checkout)])
    downloads = download(report, checkout, wheels, npm_cache)
    offline = fresh_environment() | {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "npm_config_cache": str(npm_cache),
        "npm_config_offline": "true" if shutil.which("npm") else "false",
    }
    words = ["make", "--silent", "setup", f"PYTHON={python()}"]
    setup = timed("make setup", words, cwd=checkout, env=offline)
    first = start(checkout, folder / "data", subscribers)
    again = timed("make setup, again", words, cwd=checkout, env=offline)
    second = again + start(checkout, folder / "data", subscribers)
    report.figure("downloads_s", downloads)
    report.figure("downloaded_mb", sum(one.stat().st_size for one in wheels.iterdir()) / 1e6)
    report.figure("clone_s", clone)
    report.figure("setup_s", setup)
    report.figure("first_start_s", first)
    report.figure("checkout_to_first_page_s", clone + setup + first, bar=120)
    report.figure("second_start_s", second, bar=10)


def download(report: Report, checkout: Path, wheels: Path, npm_cache: Path) -> float:
    """Fetch every package that the set-up will ask for; seconds."""
    env = fresh_environment() | {"PIP_NO_CACHE_DIR": "1", "npm_config_cache": str(npm_cache)}
    words = [python(), "-m", "pip", "download", "--quiet", "--require-hashes", "--no-deps"]
    words += ["--dest", str(wheels), "--requirement", "requirements/dev.txt"]
    spent = timed("downloads, Python", words, cwd=checkout, env=env)
    if not shutil.which("npm"):
        report.not_measured["downloads of npm"] = "no npm on this machine: they are part of setup_s"
        return spent
    trial = wheels.parent / "packages"
    trial.mkdir()
    for name in NPM_FILES:
        shutil.copy(checkout / name, trial)
    return spent + timed("downloads, npm", ["npm", "ci", "--loglevel=error"], cwd=trial, env=env)


def start(checkout: Path, data: Path, subscribers: int) -> float:
    """Seconds from the command to the first page; the demo is then stopped and its end awaited."""
    port = 8000 + os.getpid() % 20_000
    words = [".venv/bin/gruppetto", "demo", "--no-calls", "--port", str(port), "--folder", str(data)]
    began = time.monotonic()
    with running([*words, "--subscribers", str(subscribers)], checkout) as process:
        first_page(f"http://127.0.0.1:{port}/demonstration/", process)
        return told("demo, first page", time.monotonic() - began)


def first_page(url: str, process: subprocess.Popen[bytes]) -> None:
    """Ask until the page comes. Raises ``RuntimeError`` when the demo ends, ``TimeoutError`` when it is silent."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the demo ended with status {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310  (our own address)
                if answer.status == 200:
                    return
        except (OSError, urllib.error.HTTPError):
            time.sleep(0.05)
    raise TimeoutError(url)


@contextmanager
def running(words: Sequence[str], checkout: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The demo, stopped by Ctrl-C as at a terminal."""
    process = subprocess.Popen(words, cwd=checkout, env=fresh_environment(), stdout=sys.stderr)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def timed(
    label: str, words: Sequence[str], *, cwd: Path | None = None, env: dict[str, str] | None = None
) -> float:
    """Run to its end; seconds. Raises ``CalledProcessError``."""
    began = time.monotonic()
    subprocess.run(words, cwd=cwd, env=env, check=True, stdout=sys.stderr)
    return told(label, time.monotonic() - began)


def told(label: str, seconds: float) -> float:
    print(f"{label}: {seconds:.1f} s", file=sys.stderr)
    return seconds


def fresh_environment() -> dict[str, str]:
    """Ours, without what leads to this environment or to a database of this machine."""
    ours = ("VIRTUAL_ENV", "PYTHONPATH", "DJANGO_SETTINGS_MODULE")
    return {
        name: value
        for name, value in os.environ.items()
        if name not in ours and not name.startswith(("GRUPPETTO_", "MAKE", "MFLAGS"))
    }


def python() -> str:
    """The interpreter that made this environment."""
    return str(Path(sys.base_prefix) / "bin" / "python3")
