"""The file of tokens: contrasts computed, one place for colours, a scale of six, a grid of 4 px."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gruppetto.desks import shared

STATIC = Path(shared.__file__).parent / "static" / "shared"
TOKENS = (STATIC / "tokens.css").read_text()
HEX = dict(re.findall(r"(--g-[\w-]+): (#[0-9A-F]{6});", TOKENS))
PAIRS = re.findall(r"pair: (--g-[\w-]+) on (--g-[\w-]+)", TOKENS)
EDGES = re.findall(r"edge: (--g-[\w-]+) on (--g-[\w-]+)", TOKENS)
OTHERS = [
    path for path in sorted(STATIC.rglob("*")) if path.suffix in (".css", ".js") and path.stem != "tokens"
]


def channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (part / 255 for part in channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(HEX[one]), luminance(HEX[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_gives_the_known_extremes() -> None:
    assert luminance("#FFFFFF") == pytest.approx(1)
    assert luminance("#000000") == pytest.approx(0)


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_that_matter_can_be_seen(edge: str, ground: str) -> None:
    assert contrast(edge, ground) >= 3


def test_every_colour_of_text_and_ground_is_in_a_declared_pair() -> None:
    paired = {name for pair in PAIRS + EDGES for name in pair}
    decorative = {"--g-line", "--g-chart-1"}  # hairlines; the first line of a chart is the primary colour
    assert set(HEX) - paired == decorative
    assert HEX["--g-chart-1"] == HEX["--g-primary"]


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.name)
def test_no_other_file_names_a_colour(path: Path) -> None:
    named = re.findall(r"#[0-9a-fA-F]{3,8}\b(?![\w-])|\brgba?\(|\bhsla?\(", path.read_text())
    assert [colour for colour in named if not re.fullmatch(r"#[0-9]{1,4}", colour)] == []


@pytest.mark.parametrize(
    "path", [path for path in OTHERS if path.suffix == ".css"], ids=lambda path: path.name
)
def test_sizes_of_text_and_spaces_come_from_the_tokens(path: Path) -> None:
    text = path.read_text()
    sizes = re.findall(r"font-size: ([^;]+);", text)
    assert {s for s in sizes if not s.startswith("var(--g-text-")} <= {"inherit", "100%", "0"}
    lengths = re.findall(r"(?:padding|margin|gap)[\w-]*: ([^;]+);", text)
    # Fixed: a check box beside its words (Bootstrap's own geometry), a millimetre page.
    loose = [v for v in lengths if re.search(r"\d(?:px|rem|em|mm)", re.sub(r"var\([^)]*\)", "", v))]
    assert set(loose) <= {"2rem", "0.125rem 0 0 -2rem", "0.25em", "18mm 16mm"}


@pytest.mark.parametrize(
    "path", [path for path in OTHERS if path.suffix == ".css"], ids=lambda path: path.name
)
def test_every_token_used_is_declared(path: Path) -> None:
    declared = set(re.findall(r"(--g-[\w-]+):", TOKENS + path.read_text()))
    assert set(re.findall(r"var\((--g-[\w-]+)", path.read_text())) <= declared


def test_there_are_six_sizes_of_text() -> None:
    sizes = [float(size) for size in re.findall(r"--g-text-\d: ([\d.]+)rem", TOKENS)]
    assert len(sizes) == 6
    assert sizes == sorted(sizes)
    assert (sizes[1] * 16, sizes[2] * 16) == (16, 19)


def test_spaces_stand_on_a_grid_of_four_pixels() -> None:
    spaces = dict(re.findall(r"--g-(\d+): ([\d.]+)rem", TOKENS))
    assert spaces
    assert all(float(size) * 16 == 4 * int(step) for step, size in spaces.items())


def test_bootstrap_hears_the_same_colours_in_both_notations() -> None:
    triples = re.findall(r"--bs-([\w-]+)-rgb: (\d+), (\d+), (\d+);", TOKENS)
    assert triples
    for name, *triple in triples:
        token = re.search(rf"--bs-{name}: var\((--g-[\w-]+)\);", TOKENS)
        assert token, name
        assert channels(HEX[token[1]]) == tuple(map(int, triple)), name
