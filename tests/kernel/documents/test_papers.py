"""Papers say what they must, to the eye and to a screen reader, whatever text people bring."""

import re
import subprocess
import time
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from gruppetto.kernel import clock
from gruppetto.kernel.documents import Attachment, render
from tests.kernel.documents.papers import day_sheet, information, letter, needs_reader, recap, words

PHONE = "05 00 00 00 00"
TEMPLATES = [("letter", letter), ("recap", recap), ("day_sheet", day_sheet)]


@pytest.fixture(autouse=True)
def number_to_call(settings):
    settings.GRUPPETTO_PHONE_SHOWN = PHONE


@needs_reader
def test_a_letter_says_who_what_and_whom_to_call():
    text = words(render("letter", letter()))
    for part in (
        "81100 CASTRES",
        PHONE,
        "Référence : I-2027-00481",
        "C'est mercredi 12 mai à 14 h 30.",
        "Ce que vous avez à faire",
        "1. Prenez votre carte Vitale.",
        "Une question ? Appelez-nous au 05 00 00 00 00.",
        "Élodie Marchetti",
        "Plan d'accès",
        "Code de preuve : 7KQ4-92MX-D5TA",
    ):
        assert part in text


@needs_reader
def test_a_letter_that_asks_nothing_says_so_or_keeps_silent():
    assert "Vous n’avez rien à faire." in words(render("letter", letter(to_do=[])))
    assert "Ce que vous avez à faire" not in words(render("letter", letter(to_do=None)))


@needs_reader
def test_a_recap_holds_the_three_sentences():
    text = words(render("recap", recap()))
    for title, sentence in (
        ("Ce que vous avez demandé", "412,60 €"),
        ("Ce que nous faisons", "vérifier"),
        ("Quand vous aurez de nos nouvelles", "vendredi 18 h"),
    ):
        assert text.index(title) < text.index(sentence)


@needs_reader
def test_a_day_sheet_can_be_worked_from_without_a_screen():
    pdf = render("day_sheet", day_sheet(rows=40))
    text = words(pdf)
    assert all(f"Mme Jeanne Roux {number}" in text for number in range(1, 41))
    for part in (
        "9 h 30",
        "06 12 34 56 78",
        "À rappeler",
        "Rien de prévu.",
        "15",
        "Urgence médicale",
        "détruire",
    ):
        assert part in text
    assert text.count("Demande") >= int(information(pdf).split("Pages:")[1].split()[0]) - 1


@needs_reader
@pytest.mark.parametrize(("template", "data"), TEMPLATES)
def test_a_paper_is_read_aloud_in_order(template, data):
    pdf = render(template, data())
    known = information(pdf)
    assert f"Title:           {data()['title']}" in known
    assert "Tagged:          yes" in known
    structure = information(pdf, "-struct-text")
    assert structure.count(" H1 ") == 1
    assert structure.index(PHONE) < structure.index(" H1 ") < structure.index(" H2 ")


@pytest.mark.parametrize(("template", "data"), TEMPLATES)
def test_a_paper_declares_its_language_and_standard(template, data):
    accessible = render(template, data())
    assert b"/Lang" in accessible
    assert b"<pdfuaid:part>1</pdfuaid:part>" in accessible
    assert b"pdfaid:part" not in accessible
    kept = render(template, data(), standard="archive")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in kept
    assert b"<pdfaid:part>3</pdfaid:part>" in kept


@needs_reader
@pytest.mark.parametrize(("template", "data"), TEMPLATES)
def test_large_print_says_the_same_in_larger_type(template, data):
    plain, large = render(template, data()), render(template, data(), large_print=True)
    # A hyphen at the end of a line is lost in reading.
    said, said_large = (set(words(pdf).replace("-", "").split()) for pdf in (plain, large))
    assert said <= said_large
    assert plain != large


@needs_reader
@pytest.mark.parametrize(
    "hostile",
    [
        '#import "/etc/passwd": *',
        '#read("letter.typ")',
        "$ x^2 $ *gras* _souligné_ = Titre - liste + 1. @ref <etiquette> ~ \\ // /* */",
        '"); #panic() #("',
        "<script>alert(1)</script> {{ paper }} {% now %}",
        "Łódź Šimůnek Ğ Ș İstanbul",
        "Ελλάς Иван",
    ],
)
def test_a_hostile_text_is_printed_as_it_is(hostile):
    assert hostile in words(render("letter", letter(paragraphs=[hostile], title=hostile)))


@needs_reader
def test_what_no_font_can_show_is_printed_as_its_code():
    text = words(render("letter", letter(paragraphs=["Merci 😀 !", "中", "cloche \x07."])))
    assert "Merci [U+1F600] !" in text
    assert "[U+4E2D]" in text
    assert "cloche [U+0007]." in text


@needs_reader
def test_characters_that_do_not_go_together_cost_their_beauty_only():
    assert "0[U+0483] Ł" in words(render("letter", letter(title="0\u0483 Ł")))


@needs_reader
def test_letters_written_from_the_right_are_kept_and_hidden_reversals_shown():
    text = words(render("letter", letter(paragraphs=["שלום", "سلام", "facture\u202efdp.exe"])))
    assert "שלום" in text
    assert set("سلام") <= set(text)
    assert "facture[U+202E]fdp.exe" in text


@needs_reader
def test_a_name_longer_than_the_line_stays_on_the_paper():
    name = "Wolfeschlegelsteinhausenbergerdorff" * 8
    pdf = render("letter", letter(recipient=[name], paragraphs=[name], signature={"name": name}))
    assert words(pdf).replace("\u200b", "").replace(" ", "").count(name) == 3
    assert edges(pdf) <= 595.3


def edges(pdf):
    """The right edge of the rightmost word, in points."""
    found = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout
    return max(float(edge) for edge in re.findall(rb'xMax="([\d.]+)"', found))


@given(st.text(max_size=60))
@effort(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_at_all_can_stop_a_letter(text):
    assert render("letter", letter(paragraphs=[text], recipient=[text], title=text or " ")).startswith(
        b"%PDF"
    )


def test_a_file_travels_inside_the_paper():
    proof = Attachment("preuve.json", b'{"size": 3}' * 50, "application/json", "Preuve du journal")
    plain = render("letter", letter(), standard="archive")
    carrying = render("letter", letter(), standard="archive", attachment=proof)
    assert b"/EmbeddedFile" in carrying
    assert b"/EmbeddedFile" not in plain
    assert b"preuve.json" in carrying


def test_the_same_data_at_the_same_time_give_the_same_paper():
    with clock.at(datetime(2027, 5, 3, 8, tzinfo=UTC)):
        assert render("letter", letter()) == render("letter", letter())


@pytest.mark.parametrize(
    ("template", "standard", "paragraph", "complaint"),
    [
        ("../../secrets", "ua-1", "", "no template"),
        ("letter", "ua-2", "", "no standard"),
        ("letter", "ua-1", 12.5, "text, not with float"),
    ],
)
def test_what_does_not_exist_is_refused(template, standard, paragraph, complaint):
    with pytest.raises(ValueError, match=complaint):
        render(template, letter(paragraphs=[paragraph]), standard=standard)


def test_fonts_that_were_not_set_up_are_asked_for(settings, tmp_path):
    settings.GRUPPETTO_FONTS_FOLDER = tmp_path
    with pytest.raises(FileNotFoundError, match="make assets"):
        render("letter", letter())


@pytest.mark.parametrize(("template", "data"), TEMPLATES)
def test_the_time_a_paper_takes(template, data, capsys):
    render(template, data())
    papers = [data(title=f"Document {number}", reference=str(number)) for number in range(20)]
    taken = []
    for paper in papers:
        start = time.perf_counter()
        render(template, paper)
        taken.append((time.perf_counter() - start) * 1000)
    with capsys.disabled():
        print(f"\n{template}: {sorted(taken)[10]:.1f} ms median, {max(taken):.1f} ms at most")  # noqa: T201
    assert len(taken) == 20
