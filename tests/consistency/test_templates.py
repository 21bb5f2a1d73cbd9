"""Templates: each is used, none carries a script, a style or a handler of its own."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

from gruppetto.cli.places import PACKAGE
from tests.consistency.sources import TEMPLATES, place, trees
from tests.consistency.telling import nothing

NAMED = re.compile(r"""["']([\w/-]+\.(?:html|txt|typ))["']""")
LIBRARIES = ("allauth", "django", "axes")


def name_of(path: Path) -> str:
    """As Django names it: what follows ``templates/``."""
    return str(path).rsplit("/templates/", 1)[1]


def of_libraries() -> set[str]:
    """Names of the templates of our libraries: ours of the same name are shown in their place."""
    found = set()
    for library in LIBRARIES:
        spec = importlib.util.find_spec(library)
        assert spec is not None
        assert spec.origin is not None
        found |= {name_of(path) for path in Path(spec.origin).parent.rglob("templates/**/*.*")}
    return found


def test_every_template_is_used() -> None:
    texts = [path.read_text() for path in (*TEMPLATES, *trees())]
    named = {name for text in texts for name in NAMED.findall(text)}
    # Names put together: f"shared/components/{name}.html".
    stems = {stem for text in texts for stem in re.findall(r"""f["']([\w/-]+/)(?:\w+_)?\{""", text)}
    library = of_libraries()
    unused = [
        place(path)
        for path in TEMPLATES
        if (name := name_of(path)) not in named | library and not any(name.startswith(stem) for stem in stems)
    ]
    nothing(unused, "no view, tag or template names it: remove it:")


def test_every_template_named_exists() -> None:
    known = {name_of(path) for path in TEMPLATES} | of_libraries()
    rooms = {name.split("/")[0] for name in known}
    named = {
        (name, place(path))
        for path in (*TEMPLATES, *trees())
        for name in NAMED.findall(path.read_text())
        if name.endswith(".html") and name.split("/")[0] in rooms
    }
    nothing([f"{where}: {name}" for name, where in named if name not in known], "no such template:")


def test_no_script_style_or_handler_stands_in_a_page() -> None:
    found = []
    for path in TEMPLATES:
        if path.suffix != ".html":
            continue
        # Arguments of tags are not attributes: {% news … one=… %}.
        text = re.sub(r"{[%{].*?[%}]}", "", path.read_text())
        for number, line in enumerate(text.splitlines(), start=1):
            if re.search(r"<style\b|\sstyle=|\son[a-z]+=|javascript:|hx-on|hx-vals=.js:", line):
                found.append(place(path, number))
        for opening in re.findall(r"<script\b[^>]*>", text):
            if " src=" not in opening and 'type="application/json"' not in opening:
                found.append(f"{place(path)}: {opening}")
    nothing(found, "the content policy refuses it: a class of tokens.css, a file under static/…/js:")


def test_nothing_comes_from_another_site() -> None:
    found = [
        place(path, number)
        for path in [*TEMPLATES, *PACKAGE.rglob("static/*/*.css"), *PACKAGE.rglob("static/*/js/*.js")]
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if re.search(r"""(?:src|href)=["'](?:https?:)?//|@import|url\(["']?(?:https?:)?//""", line)
    ]
    nothing(found, "scripts, styles, fonts and pictures are ours (scripts/assets.py):")
