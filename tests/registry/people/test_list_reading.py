"""A CSV file as a town sends it: found out, or refused as a whole with what to do."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.kernel.errors import Refused
from gruppetto.registry.people.starting_lists.reading import COLUMNS, MOST_BYTES, NEEDED, Sheet, column, read

HEADING = ";".join(NEEDED)
LINE = "Roux;Jeanne;3/5/1948;12 rue du Temple;31250;Revel;courrier signé;12/1/2026"


def text_of(*lines: str) -> bytes:
    return "\r\n".join((HEADING, *lines)).encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ","])
def test_both_encodings_and_delimiters_are_found(encoding: str, delimiter: str) -> None:
    line = LINE.replace("Roux", "Œuvrard").replace("Jeanne", "Hélène")
    sheet = read(f"{HEADING}\n{line}\n".replace(";", delimiter).encode(encoding))
    assert (sheet.encoding, sheet.delimiter) == (encoding.removesuffix("-sig"), delimiter)
    assert (sheet.rows[0].typed["nom"], sheet.rows[0].typed["prenoms"]) == ("Œuvrard", "Hélène")


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Nom", "nom"),
        ("PRÉNOMS", "prenoms"),
        ("Prénom", "prenoms"),
        ("Date de naissance", "date_naissance"),
        ("Code  postal", "code_postal"),
        ("Source du consentement", "source_consentement"),
        ("nom d’usage", "nom_usage"),
        ("Téléphone du proche", "proche_telephone"),
        ("numéro de sécurité sociale", None),
        ("", None),
    ],
)
def test_a_heading_is_recognised_however_it_is_written(heading: str, name: str | None) -> None:
    assert column(heading) == name


def test_missing_columns_are_all_said_by_name() -> None:
    with pytest.raises(Refused) as refused:
        read(b"nom;prenoms;adresse\nRoux;Jeanne;12 rue\n")
    assert refused.value.code == "list-columns-missing"
    for name in ("date_naissance", "code_postal", "commune", "source_consentement", "date_consentement"):
        assert name in str(refused.value)
    assert "adresse" not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "list-columns-missing"),
        (HEADING.encode(), "list-empty"),
        (b"PK\x03\x04rest of a workbook", "list-not-csv"),
        ("\ufeffnom;prenoms".encode("utf-16"), "list-not-csv"),
        (b"%PDF-1.7", "list-not-csv"),
        (b"nom\x81;prenoms", "list-encoding"),
        (f'{HEADING}\n"Roux;Jeanne'.encode(), "list-quote"),
        (f"{HEADING};nom\n{LINE};Roux".encode(), "list-column-twice"),
        (b"a" * (MOST_BYTES + 1), "list-too-big"),
        (text_of(*["x"] * 20_001), "list-too-big"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read(content)
    assert refused.value.code in {code, "list-empty"} if not content else refused.value.code == code
    assert str(refused.value).endswith(".")


def test_rows_have_the_numbers_of_the_spreadsheet() -> None:
    sheet = read(
        text_of(LINE, "", ";;;;;;;", LINE, '"Roux";"Jeanne";"3/5/1948";"12 rue\nBât. B";;;;', LINE + ";trop")
    )
    assert [row.number for row in sheet.rows] == [2, 5, 6, 7]
    assert sheet.rows[2].typed["adresse"] == "12 rue\nBât. B"
    assert [row.cells_too_many for row in sheet.rows] == [0, 0, 0, 1]


def test_columns_without_a_place_are_said_and_their_content_is_not_kept() -> None:
    sheet = read(f"{HEADING};NIR\n{LINE};2480531\n".encode())
    assert sheet.ignored == ("NIR",)
    assert "2480531" not in str(sheet.rows)


CELLS = st.text(
    alphabet=st.characters(codec="cp1252", exclude_categories=("Cc", "Cs")), min_size=1, max_size=30
).map(str.strip)


@given(rows=st.lists(st.lists(CELLS, min_size=8, max_size=8), min_size=1, max_size=5), data=st.data())
def test_whatever_a_spreadsheet_writes_is_read_back(rows: list[list[str]], data: st.DataObject) -> None:
    order = data.draw(st.permutations(NEEDED))
    delimiter = data.draw(st.sampled_from(";,"))
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig"]))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([order, *rows])
    expected = [
        {name: cell for name, cell in zip(order, row, strict=True) if cell} for row in rows if any(row)
    ]
    if not expected:
        return
    assert [row.typed for row in read(out.getvalue().encode(encoding)).rows] == expected


@given(content=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for candidate in (content, text_of() + b"\n" + content):
        sheet, code = read_or_code(candidate)
        assert code.startswith("list-") if sheet is None else set(sheet.rows[0].typed) <= set(COLUMNS)


def read_or_code(content: bytes) -> tuple[Sheet | None, str]:
    try:
        return read(content), ""
    except Refused as refused:
        return None, refused.code
