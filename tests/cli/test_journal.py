"""``gruppetto journal`` from end to end, the doctor's eye on it, and the worker's tick."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gruppetto.cli import doctor, main
from gruppetto.cli.database import environment
from gruppetto.kernel.journal import keys
from gruppetto.kernel.journal.jobs import seal_some
from gruppetto.kernel.journal.rotation import rotate
from gruppetto.kernel.journal.sealing import AnotherKey, change_key, sealer
from gruppetto.launcher.sealing import FILE, seal_key
from tests.kernel.journal.conftest import sealed_once as sealed_once
from tests.kernel.journal.conftest import stage as stage
from tests.kernel.journal.staging import Stage, new_key
from tests.support.races import connected_to


def settings_of(stage: Stage) -> dict[str, str]:
    return environment(stage.server, stage.name) | {"GRUPPETTO_FOLDER": str(stage.folder)}


def said(stage: Stage) -> dict[str, str]:
    """What the doctor calls a fault in the journal."""
    found = doctor.seals(stage.server.owner_url(stage.name), settings_of(stage))
    return {it.subject: it.sentence for it in found if it.level == "fault"}


def test_an_operator_seals_exports_verifies_proves_and_forgets(
    stage: Stage, settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.GRUPPETTO_SEALER, settings.GRUPPETTO_SEAL_KEY_FILE = stage.address, stage.folder / FILE
    monkeypatch.setenv("GRUPPETTO_AS", "web")

    def journal(*words: str) -> tuple[int, str, str]:
        status = main(["journal", *words])
        return status, *capsys.readouterr()

    [entry, *_] = stage.write(3)
    assert journal("seal") == (0, "3 sealed\n", "")
    out, proof, name = str(stage.folder / "out"), stage.folder / "proof.json", stage.key.name.hex()
    assert "entries.txt: 3" in journal("export", out, "--bodies")[1]
    assert journal("export", out) == (1, "", "gruppetto journal export: Ce dossier existe déjà.\n")
    assert journal("key")[1].endswith(f" {name}\n")
    proof.write_text(journal("prove", str(entry))[1])
    assert json.loads(proof.read_text())["position"] in (0, 1, 2)
    for place in (out, str(proof)):
        status, told, refused = journal("verify", place, "--key", name)
        assert (status, refused) == (0, "")
        assert told.endswith("Tout est comme au scellé.\n")
    assert journal("prove")[0] == 2
    assert journal("prove", "--from", "2") == (1, "", "gruppetto journal prove: Cette tête n’existe pas.\n")
    with connected_to(stage.server.owner_url(stage.name)):
        assert journal("forget", str(entry), "--why", "demande 12") == (0, "forgotten\n", "")
    stage.seal()
    assert stage.verify().rows == {"altérée": 0, "inconnue": 0, "oubliée": 1, "valide": 3}


def test_the_doctor_sees_what_waits_for_long_what_is_strange_and_a_key_that_does_not_seal(
    stage: Stage,
) -> None:
    stage.write(2)
    stage.seal()
    stage.write(1)
    assert said(stage) == {}
    stage.spoil("UPDATE journal_entry SET recorded_at = recorded_at - interval '2 minutes'")
    assert said(stage)["entries of the journal to seal"].startswith("1 waiting, the oldest for 1")
    stage.spoil("INSERT INTO journal_pending (entry_id) VALUES (gen_random_uuid())")
    assert said(stage)["journal"].startswith("1 wait that are no entry")
    (stage.folder / FILE).chmod(0o644)
    assert "chmod 600" in said(stage)["key of the journal"]
    (stage.folder / FILE).unlink()
    seal_key(stage.folder / FILE)
    assert "the one in force is" in said(stage)["key of the journal"]


def test_a_tick_seals_what_waits_and_says_what_forbids_it(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.write(5)
    place = stage.folder / FILE
    assert seal_some(stage.address, place, batches=2, most=2) == 4
    assert seal_some(stage.address, place) == 1
    assert seal_some(stage.address, place) == 0
    assert not caplog.records
    assert seal_some(stage.address, stage.folder / "absent") == 0
    stage.write(1)
    assert seal_some(stage.address, stage.folder / "other") == 0
    other = new_key(stage.folder / "third")
    assert seal_some(stage.address, stage.folder / "third") == 0
    assert other.name.hex() in caplog.text
    assert [record.levelname for record in caplog.records] == ["ERROR"] * 3


def test_a_rotation_stopped_anywhere_goes_on(stage: Stage) -> None:
    stage.write(1)
    stage.seal()
    place = stage.folder / FILE
    with sealer(stage.address) as connection:
        # Stopped after the new key was written; then after it was announced, before it took its place.
        assert seal_key(place.with_name(FILE + keys.NEXT))
        fresh = keys.read(place.with_name(FILE + keys.NEXT))
        change_key(connection, fresh, stage.key)
        assert rotate(connection, place).public == keys.read(place).public == fresh.public
        assert not place.with_name(FILE + keys.NEXT).exists()
        assert rotate(connection, place).public != fresh.public
        place.unlink()
        with pytest.raises(keys.KeyUnfit):
            rotate(connection, place)
        assert rotate(connection, place, lost=True).public == keys.read(place).public
    assert stage.ask("SELECT count(*) FROM journal_key") == [4]


def test_no_key_is_changed_before_the_first_seal(stage: Stage) -> None:
    with sealer(stage.address) as connection, pytest.raises(AnotherKey, match="the file is the first"):
        rotate(connection, stage.folder / FILE)
