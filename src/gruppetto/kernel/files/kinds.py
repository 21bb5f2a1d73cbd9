"""Which files we take, known by their content; a name and a declared type are only claims."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

import puremagic
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import Refused

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_PARTS = 5_000
MAX_NAME = 120

MAIL_HEADER = re.compile(
    rb"^(from|to|subject|date|received|return-path|message-id|mime-version|delivered-to):", re.I | re.M
)
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"}


@dataclass(frozen=True)
class Kind:
    """A sort of file: ``called`` as people call it, with its article; the first extension is given when one lacks."""

    media_type: str
    extensions: tuple[str, ...]
    called: object
    holds: Callable[[bytes], bool]


def _text(content: bytes) -> bool:
    """Whether ``content`` is text of one of the two encodings met in France, and nothing else that is known."""
    if re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", content):
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        try:
            content.decode("cp1252")
        except UnicodeDecodeError:
            return False
    return not _known_as(content) - {"txt", "eml", "csv", "md", "log"}


def _known_as(content: bytes) -> set[str]:
    """The extensions under which ``content`` is known with some confidence."""
    try:
        guesses = puremagic.magic_string(content)
    except (puremagic.PureError, ValueError):  # ValueError: nothing to look at
        return set()
    return {guess.extension.lstrip(".") for guess in guesses if guess.confidence >= 0.5}


def _mail(content: bytes) -> bool:
    head = content[:8192].partition(b"\n\n")[0].partition(b"\r\n\r\n")[0]
    return _text(content) and len({found.lower() for found in MAIL_HEADER.findall(head)}) >= 2


def _mp3(content: bytes) -> bool:
    if content.startswith(b"ID3"):
        return True
    # Eleven bits of synchronisation, layer III, a bitrate that exists (ISO 11172-3).
    return (
        len(content) > 3
        and content[0] == 0xFF
        and content[1] & 0xE6 == 0xE2
        and content[2] & 0xF0 not in (0x00, 0xF0)
    )


def _parts(content: bytes) -> dict[str, zipfile.ZipInfo]:
    """The parts of a packed document, by name; none when it is not one. Raises Refused on a bomb."""
    if not content.startswith(b"PK\x03\x04"):
        return {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return {}
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Refused(
            _("Ce document est anormalement gros une fois ouvert : il n’est pas accepté."),
            code="file-bomb",
            field="file",
        )
    return {part.filename: part for part in parts}


def _first_part(content: bytes) -> bytes:
    """An OpenDocument says what it is in its first part, stored as it is (OpenDocument 1.3, part 2, 3.3)."""
    return content[30:77] if content[26:28] == b"\x08\x00" and content[30:38] == b"mimetype" else b""


def _odt(content: bytes) -> bool:
    parts = _parts(content)
    return (
        "content.xml" in parts and _first_part(content) == b"mimetypeapplication/vnd.oasis.opendocument.text"
    )


def _docx(content: bytes) -> bool:
    parts = _parts(content)
    return "[Content_Types].xml" in parts and "word/document.xml" in parts


KINDS = (
    Kind("application/pdf", ("pdf",), _("un PDF"), lambda c: c.startswith(b"%PDF-")),
    Kind(
        "image/jpeg",
        ("jpg", "jpeg", "jpe", "jfif"),
        _("une photo JPEG"),
        lambda c: c.startswith(b"\xff\xd8\xff"),
    ),
    Kind("image/png", ("png",), _("une image PNG"), lambda c: c.startswith(b"\x89PNG\r\n\x1a\n")),
    Kind(
        "image/heic",
        ("heic", "heif"),
        _("une photo HEIC"),
        lambda c: c[4:8] == b"ftyp" and c[8:12] in HEIC_BRANDS,
    ),
    Kind("application/vnd.oasis.opendocument.text", ("odt",), _("un document ODT"), _odt),
    Kind(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ("docx",),
        _("un document Word"),
        _docx,
    ),
    Kind("audio/wav", ("wav",), _("un son WAV"), lambda c: c.startswith(b"RIFF") and c[8:12] == b"WAVE"),
    Kind("audio/ogg", ("ogg", "oga", "opus"), _("un son OGG"), lambda c: c.startswith(b"OggS")),
    Kind("audio/mpeg", ("mp3",), _("un son MP3"), _mp3),
    Kind("message/rfc822", ("eml",), _("un courriel"), _mail),
    Kind("text/plain", ("txt", "text"), _("un texte"), _text),
)
# What a browser may declare for them beside the type itself; the rest is a lie worth refusing.
NEUTRAL = {"", "application/octet-stream", "binary/octet-stream"}
ALIASES = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/heif": "image/heic",
    "application/x-pdf": "application/pdf",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/mp3": "audio/mpeg",
    "audio/opus": "audio/ogg",
    "video/ogg": "audio/ogg",
    "application/ogg": "audio/ogg",
}
ACCEPTED = _(
    "Nous acceptons les PDF, les photos (JPEG, PNG, HEIC), les textes, les documents ODT et Word, les courriels (EML)"
    " et les sons (WAV, MP3, OGG)."
)
PROGRAMS = {
    "exe",
    "dll",
    "com",
    "bat",
    "cmd",
    "msi",
    "scr",
    "js",
    "vbs",
    "ps1",
    "sh",
    "jar",
    "apk",
    "lnk",
    "hta",
}


def clean_name(name: str) -> str:
    """``name`` without folders, invisible characters and excess length; "document" when nothing is left."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C")
    name = " ".join(name.split()).strip(" .")
    path = PurePosixPath(name or "document")
    return path.stem[: MAX_NAME - len(path.suffix[:10])] + path.suffix[:10]


def recognise(name: str, content: bytes, declared: str = "") -> tuple[str, Kind]:
    """The name to keep and the kind of a file, from its content.

    ``name`` as ``clean_name`` gives it; ``declared``: the media type that came with it, if any. Raises Refused:
    ``file-bomb``, ``file-macros``, ``file-type-mismatch`` or ``file-type-refused``, in field "file".
    """
    found = [kind for kind in KINDS if kind.holds(content)]
    extension = PurePosixPath(name).suffix.lstrip(".").lower()
    wanted = next((kind for kind in KINDS if extension in kind.extensions), None)
    facts = {"extension": extension[:10], "found": found[0].media_type if found else ""}
    if not found and wanted is not None:
        raise Refused(
            _(
                "Ce fichier s’appelle « %(name)s » mais ce n’est pas %(wanted)s."
                " Ouvrez-le pour vérifier, puis renvoyez-le."
            )
            % {"name": name, "wanted": wanted.called},
            code="file-type-mismatch",
            field="file",
            facts=facts,
        )
    if not found or (wanted is None and extension):
        why = _("C’est un programme : nous n’en acceptons aucun.") if extension in PROGRAMS else ACCEPTED
        raise Refused(
            _("Le fichier « %(name)s » n’est pas d’un type accepté. %(why)s") % {"name": name, "why": why},
            code="file-type-refused",
            field="file",
            facts=facts,
        )
    if wanted is not None and wanted not in found:
        raise Refused(
            _(
                "Ce fichier s’appelle « %(name)s » mais ce n’est pas %(wanted)s : c’est %(found)s."
                " Donnez-lui son vrai nom, puis renvoyez-le."
            )
            % {"name": name, "wanted": wanted.called, "found": found[0].called},
            code="file-type-mismatch",
            field="file",
            facts=facts,
        )
    kind = wanted or found[0]
    _refuse_a_wrong_claim(name, kind, declared, facts)
    _refuse_macros(kind, content)
    return (name if extension else f"{name}.{kind.extensions[0]}"), kind


def _refuse_a_wrong_claim(name: str, kind: Kind, declared: str, facts: dict[str, str]) -> None:
    claim = declared.partition(";")[0].strip().lower()
    claim = ALIASES.get(claim, claim)
    if claim in NEUTRAL or claim == kind.media_type or (claim.startswith("text/") and kind.holds is _text):
        return
    raise Refused(
        _(
            "Le fichier « %(name)s » est annoncé comme autre chose qu’%(kind)s. Renvoyez-le depuis un autre appareil."
        )
        % {"name": name, "kind": kind.called},
        code="file-type-mismatch",
        field="file",
        facts={**facts, "declared": claim[:60]},
    )


def _refuse_macros(kind: Kind, content: bytes) -> None:
    """A document that carries programs may do things when it is opened."""
    if any(
        part.endswith("vbaProject.bin") or part.startswith(("Basic/", "Scripts/"))
        for part in (_parts(content) if kind.holds in (_odt, _docx) else ())
    ):
        raise Refused(
            _("Ce document contient des programmes (macros) : il n’est pas accepté. Enregistrez-le en PDF."),
            code="file-macros",
            field="file",
        )
