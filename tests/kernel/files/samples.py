"""Small real files of each accepted kind, and of some that are not."""

from __future__ import annotations

import io
import wave
import zipfile

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360f8cf500f00038601805a342d6b0000000049454e44ae426082"
)
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1" + bytes(64)
TEXT = "Bonjour, voici mon numéro d’allocataire.\r\n".encode()
TEXT_1252 = "Reçu le 3 mai : 12 €".encode("cp1252")
MAIL = b"From: a@example.test\r\nTo: b@example.test\r\nSubject: Facture\r\n\r\nBonjour\r\n"
MP3 = b"\xff\xfb\x90\x44" + bytes(413)
MP3_TAGGED = b"ID3\x04\x00\x00\x00\x00\x00\x00" + MP3
OGG = b"OggS\x00\x02" + bytes(60)
PROGRAM = b"MZ" + b"\x90\x00" * 60
PAGE = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


def packed(parts: dict[str, bytes], *, first: tuple[str, bytes] | None = None) -> bytes:
    """A zip of ``parts``; ``first`` is stored as it is, before them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if first:
            archive.writestr(zipfile.ZipInfo(first[0]), first[1], zipfile.ZIP_STORED)
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def odt(**more: bytes) -> bytes:
    mimetype = ("mimetype", b"application/vnd.oasis.opendocument.text")
    return packed({"content.xml": b"<office/>", **more}, first=mimetype)


def docx(more: dict[str, bytes] | None = None) -> bytes:
    return packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", **(more or {})})


def wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(1600))
    return out.getvalue()
