"""A file is what its content says; a name that lies is refused in words one can act on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.kernel.errors import Refused
from gruppetto.kernel.files.kinds import KINDS, MAX_NAME, clean_name, recognise
from tests.kernel.files import samples as s

ACCEPTED = [
    ("facture.pdf", s.PDF, "application/pdf"),
    ("Photo.JPG", s.JPEG, "image/jpeg"),
    ("ecran.png", s.PNG, "image/png"),
    ("IMG_1.HEIC", s.HEIC, "image/heic"),
    ("note.txt", s.TEXT, "text/plain"),
    ("note.txt", s.TEXT_1252, "text/plain"),
    ("lettre.odt", s.odt(), "application/vnd.oasis.opendocument.text"),
    ("lettre.docx", s.docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("reponse.eml", s.MAIL, "message/rfc822"),
    ("voix.wav", s.wav(), "audio/wav"),
    ("voix.mp3", s.MP3, "audio/mpeg"),
    ("voix.mp3", s.MP3_TAGGED, "audio/mpeg"),
    ("voix.ogg", s.OGG, "audio/ogg"),
]


def refused(name, content, declared=""):
    with pytest.raises(Refused) as caught:
        recognise(name, content, declared)
    assert caught.value.field == "file"
    return caught.value.code, str(caught.value)


@pytest.mark.parametrize(("name", "content", "media_type"), ACCEPTED)
def test_an_accepted_file_is_known_by_its_content(name, content, media_type):
    kept, kind = recognise(name, content, media_type)
    assert (kept, kind.media_type) == (name, media_type)


@pytest.mark.parametrize(("name", "content", "media_type"), ACCEPTED)
@pytest.mark.parametrize("wanted", KINDS, ids=lambda kind: kind.extensions[0])
def test_a_file_under_the_name_of_another_kind_is_refused(name, content, media_type, wanted):
    other = f"piece.{wanted.extensions[0]}"
    if wanted.holds(content):
        assert recognise(other, content)[1] is wanted
    else:
        assert refused(other, content)[0] == "file-type-mismatch"


def test_the_refusal_says_what_the_file_is_and_what_to_do():
    code, words = refused("facture.pdf", s.PNG)
    assert code == "file-type-mismatch"
    assert words == (
        "Ce fichier s’appelle « facture.pdf » mais ce n’est pas un PDF : c’est une image PNG."
        " Donnez-lui son vrai nom, puis renvoyez-le."
    )
    assert "n’est pas un PDF. Ouvrez-le" in refused("facture.pdf", s.PROGRAM)[1]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("facture.pdf.exe", s.PROGRAM),
        ("virus", s.PROGRAM),
        ("page.html", s.PAGE),
        ("dessin.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("archive.zip", s.packed({"a": b"b"})),
        ("vieux.doc", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)),
        ("bonjour.exe", s.TEXT),
        ("anime.gif", b"GIF89a" + bytes(40)),
    ],
)
def test_a_kind_nobody_needs_is_refused(name, content):
    assert refused(name, content)[0] == "file-type-refused"


def test_a_program_is_called_one():
    assert "C’est un programme" in refused("facture.pdf.exe", s.PROGRAM)[1]


@pytest.mark.parametrize("content", [s.PAGE, b"abc\x00def", b"\xff\xfeb\x00o\x00", b"\x81\x8d\x8f"])
def test_a_text_holds_nothing_but_text(content):
    assert refused("note.txt", content)[0] == "file-type-mismatch"


def test_a_mail_can_be_kept_as_a_text_but_a_text_is_no_mail():
    assert recognise("message.txt", s.MAIL)[1].media_type == "text/plain"
    assert refused("message.eml", s.TEXT)[0] == "file-type-mismatch"


def test_a_name_without_extension_gets_the_true_one():
    assert recognise("facture", s.PDF)[0] == "facture.pdf"


@pytest.mark.parametrize(
    "declared", ["", "application/octet-stream", "APPLICATION/PDF; x=1", "application/x-pdf"]
)
def test_a_vague_or_true_claim_is_accepted(declared):
    assert recognise("facture.pdf", s.PDF, declared)[1].media_type == "application/pdf"


@pytest.mark.parametrize("declared", ["image/png", "text/html", "n'importe quoi"])
def test_a_false_claim_is_refused(declared):
    code, words = refused("facture.pdf", s.PDF, declared)
    assert code == "file-type-mismatch"
    assert "annoncé comme autre chose qu’un PDF" in words


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", s.docx({"word/vbaProject.bin": b"x"})),
        ("a.odt", s.odt(**{"Basic/Standard/a.xml": b"x"})),
        ("a.odt", s.odt(**{"Scripts/python/a.py": b"x"})),
    ],
)
def test_a_document_with_programs_inside_is_refused(name, content):
    assert refused(name, content)[0] == "file-macros"


def test_a_document_that_swells_when_opened_is_refused():
    bomb = s.docx({f"word/{number}.xml": bytes(70 * 1024 * 1024) for number in range(3)})
    assert len(bomb) < 1_000_000
    assert refused("a.docx", bomb)[0] == "file-bomb"


def test_a_broken_package_is_no_document():
    assert refused("a.docx", s.docx()[:60])[0] == "file-type-mismatch"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\moi\\facture.pdf", "facture.pdf"),
        ("fac\u202efdp.exe", "facfdp.exe"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("  deux   mots .pdf ", "deux mots .pdf"),
        ("e\u0301t\u00e9.pdf", "été.pdf"),
        ("", "document"),
        ("...", "document"),
        ("/", "document"),
    ],
)
def test_a_name_is_kept_without_its_traps(given, kept):
    assert clean_name(given) == kept


@given(st.text(max_size=400))
def test_any_name_becomes_a_short_plain_one(name):
    kept = clean_name(name)
    assert 0 < len(kept) <= MAX_NAME
    assert not set(kept) & set("/\\\x00\n")
    assert clean_name(kept) == kept


@given(st.binary(min_size=1, max_size=300), st.sampled_from([e for kind in KINDS for e in kind.extensions]))
def test_any_content_is_known_or_refused(content, extension):
    try:
        _name, kind = recognise(f"a.{extension}", content)
    except Refused:
        return
    assert kind.holds(content)
    assert extension in kind.extensions
