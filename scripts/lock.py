"""Write the locks of ``requirements/`` (and of the benches' peers): every version with the hashes of all its files.

Run by hand when dependencies change (``--upgrade`` also takes newer versions). The resolver lives in a
throw-away environment, reads no configuration of this machine and writes no address of a registry.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import venv
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
RESOLVER = "uv==0.13.9"
LOCKS = {
    "requirements/base.txt": ["pyproject.toml", "requirements/build.in"],
    "requirements/dev.txt": [
        "pyproject.toml",
        "requirements/build.in",
        "--all-extras",
        "-c",
        "requirements/base.txt",
    ],
    "requirements/node.txt": ["requirements/node.in"],
    # Compared on the same Django and driver as ours.
    "bench/peers-helpdesk.txt": ["bench/peers-helpdesk.in", "-c", "requirements/base.txt"],
    "bench/peers-escalated.txt": ["bench/peers-escalated.in", "-c", "requirements/base.txt"],
}
OPTIONS = [
    "--no-config",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-annotate",
    "--no-header",
    "--python-version=3.11",
    "--python-platform=x86_64-unknown-linux-gnu",
    "--quiet",
]


def main() -> None:
    """Write the locks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions allowed")
    upgrade = ["--upgrade"] if parser.parse_args().upgrade else []
    # No setting of pip or uv may add files of this machine to the hashes.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        venv.create(place / "venv", with_pip=True)
        subprocess.run([place / "venv/bin/pip", "install", "--quiet", RESOLVER], check=True)
        for lock, sources in LOCKS.items():
            command = [str(place / "venv/bin/uv"), "pip", "compile", *sources, *OPTIONS, *upgrade]
            subprocess.run(
                [*command, "--output-file", lock],
                cwd=PROJECT,
                check=True,
                env=kept | {"UV_CACHE_DIR": str(place / "cache")},
            )


if __name__ == "__main__":
    main()
