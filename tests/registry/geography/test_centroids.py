"""Official positions from a file an operator fetched."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from gruppetto.kernel.errors import Refused
from gruppetto.registry.geography.centroids import import_centroids
from gruppetto.registry.geography.models import Commune
from gruppetto.registry.geography.seeding import Loaded
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db


def written(tmp_path: Path, content: str | bytes, name: str = "centres.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def position(code: str) -> tuple[float | None, float | None, str]:
    commune = Commune.objects.get(pk=code)
    return commune.latitude, commune.longitude, commune.precision


def test_the_official_json_replaces_our_positions_and_a_second_time_changes_nothing(
    loaded: Loaded, tmp_path: Path
) -> None:
    file = written(
        tmp_path,
        json.dumps(
            [
                {"code": "31555", "centre": {"type": "Point", "coordinates": [1.4328, 43.6007]}},
                {"code": "2A004", "centre": {"type": "Point", "coordinates": [8.7013, 41.9347]}},
            ]
        ),
        "communes.json",
    )
    with as_owner():
        first = import_centroids(file)
        second = import_centroids(file)
    assert (first.changed, first.same, first.errors) == (2, 0, [])
    assert (second.changed, second.same) == (0, 2)
    assert position("31555") == (43.6007, 1.4328, "official")


def test_a_geojson_collection_is_read_too(loaded: Loaded, tmp_path: Path) -> None:
    feature = {
        "type": "Feature",
        "properties": {"code": "31555"},
        "geometry": {"type": "Point", "coordinates": [1.43, 43.6]},
    }
    file = written(tmp_path, json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with as_owner():
        assert import_centroids(file).changed == 1


def test_bad_lines_are_named_and_good_ones_kept(loaded: Loaded, tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "Code_Commune;Nom;Latitude;Longitude\r\n"
        "1004;Ambérieu-en-Bugey;45,9608;5,3721\r\n"  # the spreadsheet's lost zero and decimal comma
        "31555;Toulouse;1.4328;43.6007\r\n"  # swapped
        "99999;Nulle part;45.0;3.0\r\n"
        "31001;Agassac;;\r\n"
        "Agassac;31001;43.3;0.8\r\n"
        "01004;Encore;45.9;5.3\r\n".encode("cp1252"),
    )
    with as_owner():
        done = import_centroids(file)
    assert done.changed == 1
    assert position("01004") == (45.9608, 5.3721, "official")
    assert [(e.line, e.message) for e in done.errors] == [
        (
            3,
            "La position de 31555 est hors de France. La latitude et la longitude sont-elles inversées ?",
        ),
        (4, "Aucune commune en vigueur n’a le code « 99999 »."),
        (5, "La position de 31001 n’est pas faite de deux nombres."),
        (6, "« AGASSAC » n’est pas un code Insee."),
        (7, "Le code 01004 est déjà à la ligne 2."),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("code;latitude\n31555;43.6\n", "missing-column"),
        ("", "missing-column"),
        ('[{"code": "31555"', "broken-json"),
        ('{"code": "31555"}', "not-a-list-of-communes"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_whole(
    loaded: Loaded, tmp_path: Path, content: str, code: str
) -> None:
    with as_owner(), pytest.raises(Refused) as refused:
        import_centroids(written(tmp_path, content))
    assert refused.value.code == code


@pytest.mark.parametrize(
    "item", ["null", "3", "{}", '{"code": "31555", "centre": {"coordinates": [[1], 2]}}']
)
def test_a_strange_item_is_a_line_error_and_never_a_crash(loaded: Loaded, tmp_path: Path, item: str) -> None:
    with as_owner():
        done = import_centroids(written(tmp_path, f"[{item}]", "communes.json"))
    assert (done.changed, len(done.errors)) == (0, 1)


@pytest.mark.parametrize("value", ["nan", "inf", "1e999"])
def test_a_number_that_is_none_is_refused(loaded: Loaded, tmp_path: Path, value: str) -> None:
    with as_owner():
        done = import_centroids(written(tmp_path, f"code,lat,lon\n97411,{value},55.4\n31555,43.6,{value}\n"))
    assert (done.changed, len(done.errors)) == (0, 2)


def test_the_command_tells_what_it_did(loaded: Loaded, tmp_path: Path) -> None:
    file = written(tmp_path, "code,lat,lon\n31555,43.6,1.43\n31556,0,0\n")
    out, err = io.StringIO(), io.StringIO()
    with as_owner():
        call_command("import_centroids", file, stdout=out, stderr=err)
    assert out.getvalue().strip() == "1 positions changed, 0 already so, 1 refused"
    assert "ligne 3" in err.getvalue()
    with as_owner(), pytest.raises(CommandError, match="ne peut pas être lu"):
        call_command("import_centroids", tmp_path / "absent.csv")
