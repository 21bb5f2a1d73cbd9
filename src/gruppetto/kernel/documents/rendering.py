"""From data to PDF. Data never becomes Typst source: it travels as JSON and is set as text, whatever it says."""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast, get_args

import typst
from django.conf import settings

from gruppetto.kernel.clock import now
from gruppetto.kernel.documents.words import WORDS

PAPERS = Path(__file__).parent / "papers"
Template = Literal["letter", "recap", "day_sheet"]
# "archive" is PDF/UA-1 and PDF/A-3b in one file: kept ten years, and may carry an attachment.
Standard = Literal["ua-1", "archive"]
STANDARDS: dict[str, list[typst.PDFStandard]] = {"ua-1": ["ua-1"], "archive": ["ua-1", "a-3b"]}
# Printable Latin-1 is in every text font; anything else is tried once per process (see ``_shown``).
SURE = frozenset(map(chr, [0x0A, *range(0x20, 0x7F), *range(0xA0, 0x100)])) - {"\u00ad"}
# A tab, a line separator, and the narrow no-break space that our type lacks.
SPACES = {0x09: " ", 0x2028: "\n", 0x2029: "\n", 0x202F: "\u00a0"}
# French spacing: no line begins with "€", "h 30", ":" or "»", nor ends with "«".
GLUED = re.compile(r"(?<=\d) (?=[€%]|h\b)|(?<=\d[ \u00a0]h) (?=\d)|(?<=\S) (?=[:;?!»])|(?<=«) ")
MAX_REMEMBERED = 20_000

_here = threading.local()
_known: dict[tuple[Path, str], bool] = {}


@dataclass(frozen=True)
class Attachment:
    """A file carried inside the PDF (proofs, an invoice's data): opened by machines, kept with the page."""

    name: str
    content: bytes
    media_type: str
    description: str


def render(
    template: Template,
    data: Mapping[str, object],
    *,
    large_print: bool = False,
    standard: Standard = "ua-1",
    attachment: Attachment | None = None,
) -> bytes:
    """The PDF of ``template`` filled with ``data`` (shapes in ``shapes.py``; strings, lists and mappings only).

    ``large_print``: 20 pt instead of 14. Text is set literally; a character that no font can show (an emoji)
    is printed as its code, "[U+1F600]". Raises ValueError for a template, a standard or data that do not
    exist, FileNotFoundError when the fonts were not set up, TypstError when a template is at fault.
    """
    if template not in get_args(Template) or standard not in STANDARDS:
        raise ValueError(f"no template {template!r} or no standard {standard!r}")
    source, fonts = PAPERS / f"{template}.typ", Path(settings.GRUPPETTO_FONTS_FOLDER)
    if not any(fonts.glob("*.ttf")):
        raise FileNotFoundError(f"no font in {fonts}: run `make assets`")
    house = {"name": settings.GRUPPETTO_NAME, "phone": settings.GRUPPETTO_PHONE_SHOWN}
    if settings.TRAINING:
        # On every page of the paper, and in the title of the file: it never passes for a real one.
        house["name"] = f"EXERCICE – {house['name']}"
        data = {**data, "house": house, "title": f"EXERCICE – {data.get('title', '')}"}
    paper = _plain({"house": house, **data, "words": WORDS})
    inputs = {"large": "yes" if large_print else "", "data": ""}
    if attachment:
        inputs["attachment"] = json.dumps(
            {
                "name": attachment.name,
                "content": list(attachment.content),
                "type": attachment.media_type,
                "description": attachment.description,
            }
        )
    # Two characters, each of which can be printed, may not be so together (an accent of one alphabet on a letter
    # of another): then accents go first, then all but Latin-1. A fault of the template fails each time.
    unseen, doubtful = _unseen(fonts, paper), _characters(paper) - SURE
    accents = {char for char in doubtful if unicodedata.category(char).startswith("M")}
    for coded in (unseen, unseen | accents):
        inputs["data"] = json.dumps(_legible(paper, coded))
        try:
            return _compile(fonts, source, inputs, STANDARDS[standard])
        except typst.TypstError:
            continue
    inputs["data"] = json.dumps(_legible(paper, doubtful))
    return _compile(fonts, source, inputs, STANDARDS[standard])


def _compile(fonts: Path, source: Path, inputs: dict[str, str], standards: list[typst.PDFStandard]) -> bytes:
    """One compiler a thread, kept: it is not re-entrant, and the one-shot function never frees its cache."""
    compilers = _here.__dict__.setdefault("compilers", {})
    if fonts not in compilers:
        compilers[fonts] = typst.Compiler(
            source, root=PAPERS, font_paths=_faces(fonts), ignore_system_fonts=True
        )
    made = compilers[fonts].compile(
        source, format="pdf", sys_inputs=inputs, pdf_standards=standards, timestamp=int(now().timestamp())
    )
    return cast("bytes", made)  # a list only for images, page by page


@lru_cache(maxsize=4)
def _faces(fonts: Path) -> typst.Fonts:
    """Our type first, then those inside Typst for other alphabets; never the machine's, so pages are alike."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[fonts])


def _plain(value: object) -> object:
    """``value`` as JSON holds it, with text composed (NFC) and spaces that our type has."""
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_plain(part) for part in value]
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, bytes | float):
        raise ValueError(f"a page is filled with text, not with {type(value).__name__}")
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").translate(SPACES)
    return GLUED.sub("\u00a0", unicodedata.normalize("NFC", text))


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, str):
        yield value


def _characters(paper: object) -> set[str]:
    return {char for text in _texts(paper) for char in text}


def _unseen(fonts: Path, paper: object) -> set[str]:
    """The characters of ``paper`` that cannot be printed."""
    found = _characters(paper) - SURE
    new = sorted(char for char in found if (fonts, char) not in _known)
    if len(_known) + len(new) > MAX_REMEMBERED:
        _known.clear()
        new = sorted(found)
    hidden = {
        char for char in new if unicodedata.category(char) in {"Cc", "Cs", "Co", "Cn"} or _reorders(char)
    }
    _known.update({(fonts, char): False for char in hidden})
    _try(fonts, [char for char in new if char not in hidden])
    return {char for char in found if not _known[fonts, char]}


def _reorders(char: str) -> bool:
    """Whether ``char`` is an invisible order to write the other way: it would make a text say something else."""
    return unicodedata.bidirectional(char) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def _try(fonts: Path, chars: list[str]) -> None:
    """Learn which of ``chars`` can be printed, by printing them: by halves, since most pages fail nowhere."""
    if not chars:
        return
    try:
        _compile(fonts, PAPERS / "trial.typ", {"text": " ".join(chars)}, ["ua-1"])
    except typst.TypstError:
        if len(chars) == 1:
            _known[fonts, chars[0]] = False
            return
        middle = len(chars) // 2
        _try(fonts, chars[:middle])
        _try(fonts, chars[middle:])
    else:
        _known.update({(fonts, char): True for char in chars})


def _legible(value: object, unseen: set[str]) -> object:
    """``value`` with each character that cannot be printed written as its code."""
    if not unseen:
        return value
    if isinstance(value, dict):
        return {name: _legible(part, unseen) for name, part in value.items()}
    if isinstance(value, list):
        return [_legible(part, unseen) for part in value]
    if isinstance(value, str):
        return value.translate({ord(char): f"[U+{ord(char):04X}]" for char in unseen})
    return value
