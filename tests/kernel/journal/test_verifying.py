"""The stranger's verifier: each harm has its word; what cannot be seen is said (decisions 15 to 17)."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.errors import Unknown
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.journal.exporting import prove, prove_growth
from gruppetto.kernel.journal.forgetting import forget
from gruppetto.kernel.journal.lines import entry_line
from gruppetto.kernel.journal.sealing import change_key, sealer
from gruppetto.kernel.journal.verifier import Report, check_export, check_proof, leaf_hash, leaf_line, main
from gruppetto.launcher.sealing import seal_key
from tests.kernel.journal.staging import VERIFIER, Stage, new_key, words
from tests.support.races import connected_to


def faults(report: Report) -> list[str]:
    assert report.wrong == bool(report.faults) | any(word in ("altérée",) for _, _, word, _ in report.named)
    return [what for what, _ in report.faults]


def named(report: Report) -> list[tuple[int | None, str]]:
    return [(position, word) for position, _, word, _ in report.named]


def entry_at(journal: Stage, position: int) -> UUID:
    return UUID(str(journal.ask("SELECT entry_id FROM journal_leaf WHERE position = %s", position)[0]))


def test_a_journal_as_it_was_sealed_is_valid(journal: Stage) -> None:
    report = journal.verify()
    assert (words(report), faults(report), report.wrong) == ({"valide": 12}, [], False)
    # Nothing was given to compare with: the key and the end are taken on trust, and that is said.
    assert len(report.remarks) == 2
    kept = journal.heads()
    [key] = journal.ask("SELECT encode(name, 'hex') FROM journal_key")
    assert journal.verify("again", trusted=[key], kept=kept).remarks == []


# The harm, done by a superuser on what was sealed → the rows that are named, the faults of the whole.
HARMS: dict[str, tuple[str, list[tuple[int | None, str]], list[str]]] = {
    "an entry is changed": (
        "UPDATE journal_entry SET actor = 'x' WHERE id = (SELECT entry_id FROM journal_leaf WHERE position = 5)",
        [(5, "altérée")],
        [],
    ),
    "an entry is back-dated by a microsecond": (
        "UPDATE journal_entry SET happened_at = happened_at - interval '1 microsecond'"
        " WHERE id = (SELECT entry_id FROM journal_leaf WHERE position = 11)",
        [(11, "altérée")],
        [],
    ),
    "an entry is taken away": (
        "DELETE FROM journal_entry WHERE id = (SELECT entry_id FROM journal_leaf WHERE position = 2)",
        [(2, "altérée")],
        [],
    ),
    "an act is called a look, to pass for an old one": (
        "UPDATE journal_leaf SET kind = 'look', recorded_at = '2020-01-01' WHERE position = 2",
        [(2, "altérée")],
        [],
    ),
    "a body is changed": (
        "UPDATE journal_body SET data = '{}' WHERE entry_id = (SELECT entry_id FROM journal_leaf WHERE position = 0)",
        [(0, "altérée")],
        [],
    ),
    "a body is taken away without a word": (
        "DELETE FROM journal_body WHERE entry_id = (SELECT entry_id FROM journal_leaf WHERE position = 0)",
        [(0, "altérée")],
        [],
    ),
    "a forgetting is pretended": (
        "WITH gone AS (DELETE FROM journal_body WHERE entry_id ="
        " (SELECT entry_id FROM journal_leaf WHERE position = 3) RETURNING entry_id)"
        " INSERT INTO journal_forgotten (entry_id, at, actor, why) SELECT entry_id, now(), 'x', 'x' FROM gone",
        [(3, "altérée")],
        [],
    ),
    "a leaf is changed": (
        "UPDATE journal_leaf SET hash = sha256('x') WHERE position = 6",
        [(6, "altérée")],
        ["altérée"],
    ),
    "a leaf is taken away, with its entry": (
        "WITH gone AS (DELETE FROM journal_leaf WHERE position = 6 RETURNING entry_id)"
        " DELETE FROM journal_entry WHERE id = (SELECT entry_id FROM gone)",
        [],
        ["feuille absente", "fin coupée", "altérée"],
    ),
    "two leaves change places": (
        "UPDATE journal_leaf SET position = CASE position WHEN 4 THEN 7 ELSE 4 END WHERE position IN (4, 7)",
        [],
        ["altérée"],
    ),
    "the tail is cut, heads stay": (
        "WITH gone AS (DELETE FROM journal_leaf WHERE position >= 10 RETURNING entry_id)"
        " DELETE FROM journal_entry WHERE id IN (SELECT entry_id FROM gone)",
        [],
        ["fin coupée"],
    ),
    "the last head is taken away": ("DELETE FROM journal_head WHERE size = 12", [], ["fin coupée"]),
    "a head in the middle is taken away": (
        "DELETE FROM journal_head WHERE size = 8",
        [],
        ["têtes incohérentes"],
    ),
    "a head is forged": (
        "UPDATE journal_head SET root = sha256('x') WHERE size = 8",
        [],
        ["tête falsifiée", "têtes incohérentes"],
    ),
    "a head has another moment": (
        "UPDATE journal_head SET at = at + interval '1 microsecond' WHERE size = 4",
        [],
        ["tête falsifiée"],
    ),
    "a head names another key": (
        "UPDATE journal_head SET key = sha256('x') WHERE size = 12",
        [],
        ["clé inconnue"],
    ),
    "the key is another": (
        "UPDATE journal_key SET public = sha256('x'), name = sha256(sha256('x'))",
        [],
        ["clé inconnue"] * 4,
    ),
}


@pytest.mark.parametrize("harm", HARMS)
def test_what_a_superuser_does_to_what_was_sealed_is_seen(journal: Stage, harm: str) -> None:
    statement, rows, whole = HARMS[harm]
    # Positions are swapped by a statement that meets its own row: the rule of uniqueness waits for its end here.
    if "CASE position" in statement:
        journal.spoil("UPDATE journal_leaf SET position = -4 WHERE position = 4")
        journal.spoil("UPDATE journal_leaf SET position = 4 WHERE position = 7")
        statement = "UPDATE journal_leaf SET position = 7 WHERE position = -4"
    journal.spoil(statement)
    report = journal.verify()
    assert (named(report), faults(report)) == (rows, whole)


def reseal(journal: Stage, position: int) -> None:
    """Change an entry, its leaf with it: only the heads can tell."""
    journal.spoil("UPDATE journal_entry SET verb = 'test.done' WHERE id = %s", entry_at(journal, position))
    with journal.superuser() as admin:
        from gruppetto.kernel.journal.lines import ENTRY

        query = f"SELECT {ENTRY} FROM journal_entry e JOIN journal_leaf l ON l.entry_id = e.id WHERE position = %s"
        row = admin.execute(query, [position]).fetchone()
        assert row is not None
        line = leaf_line(row[3], row[0], row[1], entry_line(row))
        admin.execute(
            "UPDATE journal_leaf SET digest = %s, hash = %s WHERE position = %s",
            [bytes.fromhex(line[-64:].decode()), leaf_hash(line), position],
        )


def test_an_entry_changed_with_its_leaf_is_in_the_smallest_range_and_named_by_an_older_export(
    journal: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    older = journal.export("older")
    reseal(journal, 5)
    report = journal.verify()
    # What no sound head proves any more is not valid, even where the leaf agrees.
    assert (words(report), faults(report)) == ({"valide": 4, "inconnue": 8}, ["altérée"])
    assert "De la position 4 à la position 7" in report.faults[0][1]
    assert main([str(journal.folder / "verified"), "--entry", str(entry_at(journal, 5))]) == 1
    assert capsys.readouterr().out.startswith("inconnue ")
    assert main([str(journal.folder / "verified"), "--entry", str(entry_at(journal, 3))]) == 1
    assert capsys.readouterr().out.startswith("valide ")
    named_by_it = journal.verify("with older", older=older)
    assert named(named_by_it) == [(5, "altérée")]


def test_who_holds_the_key_rewrites_all_and_a_head_kept_elsewhere_tells(journal: Stage) -> None:
    kept, older = journal.heads(), journal.export("older")
    # Everything from the first leaf is made again, and signed anew with the true key.
    reseal(journal, 5)
    for table in ("journal_head", "journal_leaf"):
        journal.spoil(f"DELETE FROM {table}")
    journal.spoil("INSERT INTO journal_pending (entry_id) SELECT id FROM journal_entry")
    assert journal.seal(most=4) == [4, 4, 4]
    # Alone, it is a sound journal: nothing can be seen, and the remark says so.
    alone = journal.verify("alone")
    assert (words(alone), faults(alone)) == ({"valide": 12}, [])
    assert any("tête gardée" in remark for remark in alone.remarks)
    report = journal.verify("compared", kept=kept)
    assert (words(report), faults(report)) == ({"inconnue": 12}, ["têtes incohérentes"])
    assert "têtes incohérentes" in faults(journal.verify("with older", older=older))


def test_a_tail_cut_with_its_heads_is_seen_by_a_head_kept_elsewhere(journal: Stage) -> None:
    kept = journal.heads()[-1:]
    journal.spoil("DELETE FROM journal_leaf WHERE position >= 8")
    journal.spoil("DELETE FROM journal_head WHERE size = 12")
    journal.spoil("DELETE FROM journal_entry WHERE id NOT IN (SELECT entry_id FROM journal_leaf)")
    assert faults(journal.verify("alone")) == []
    report = journal.verify("compared", kept=kept)
    assert faults(report) == ["fin coupée"]


def test_a_head_of_another_journal_is_not_one_of_this(journal: Stage, tmp_path: Path) -> None:
    stranger = new_key(tmp_path / "stranger.key")
    head = journal.heads()[-1].split(" ")
    forged = " ".join([*head[:2], "00" * 32, head[3], stranger.name.hex(), stranger.sign(b"x").hex()])
    assert faults(journal.verify("compared", kept=[forged])) == ["clé inconnue", "têtes incohérentes"]


def test_an_entry_slipped_in_is_unknown(journal: Stage) -> None:
    slipped = new_id()
    journal.spoil(
        "INSERT INTO journal_entry (id, recorded_at, happened_at, kind, verb, actor, subject, commitment)"
        " VALUES (%s, now() - interval '1 day', now(), 'act', 'test.staged', 'account:x', '', '\\x00')",
        slipped,
    )
    report = journal.verify()
    assert report.wrong
    assert [(entry, word) for _, entry, word, _ in report.named] == [(str(slipped), "inconnue")]
    # Sealed afterwards, it is part of the journal, and its leaf comes too late for its date.
    journal.spoil("INSERT INTO journal_pending (entry_id) VALUES (%s)", slipped)
    journal.seal()
    late = journal.verify("late")
    # It never had a body.
    assert words(late) == {"valide": 12, "altérée": 1}
    assert any("plus de dix minutes" in remark and remark.endswith(" 1.") for remark in late.remarks)


def test_what_was_just_written_waits_and_is_no_fault(journal: Stage) -> None:
    journal.write(1)
    report = journal.verify()
    assert (words(report), report.wrong) == ({"valide": 12, "inconnue": 1}, False)


def owned(journal: Stage, entry: UUID) -> None:
    with connected_to(journal.server.owner_url(journal.name)), acting(Actor.command("test")):
        assert forget(entry, "demande 12")


def test_a_forgotten_body_is_forgotten_before_during_and_after_its_sealing(journal: Stage) -> None:
    owned(journal, entry_at(journal, 5))
    told = journal.verify("before")
    # The word that says so waits for its own seal: until then nothing proves it.
    assert (words(told), told.wrong) == ({"valide": 11, "inconnue": 2}, False)
    [written] = journal.write(1)
    with sealer(journal.address) as connection, connection.transaction():
        from gruppetto.kernel.journal.sealing import seal

        assert seal(connection, journal.key) == 2
        # While its own leaf is being written.
        owned(journal, written)
    journal.seal()
    report = journal.verify("after")
    assert (words(report), faults(report)) == ({"valide": 13, "oubliée": 2}, [])
    # An export without bodies says it too.
    without = Report()
    check_export(journal.export("without", bodies=False), without)
    assert words(without) == words(report)


def test_an_old_look_that_went_at_its_term_is_forgotten_a_recent_one_is_altered(journal: Stage) -> None:
    for at, kind in (("2020-01-01", "look"), ("2020-01-01", "act"), ("now", "look")):
        journal.spoil(
            "WITH made AS (INSERT INTO journal_entry (id, recorded_at, happened_at, kind, verb, actor, subject,"
            " commitment) VALUES (gen_random_uuid(), %s::timestamptz, now(), %s, 'test.staged', 'x', '', '\\x00')"
            " RETURNING id) INSERT INTO journal_pending (entry_id) SELECT id FROM made",
            at,
            kind,
        )
        journal.seal()
    journal.spoil(
        "DELETE FROM journal_entry WHERE id IN (SELECT entry_id FROM journal_leaf WHERE position > 11)"
    )
    assert named(journal.verify()) == [(12, "oubliée"), (13, "altérée"), (14, "altérée")]


def test_a_key_announced_by_the_one_before_is_known_and_one_that_replaces_a_lost_one_is_not(
    journal: Stage, tmp_path: Path
) -> None:
    second, third = new_key(tmp_path / "second.key"), new_key(tmp_path / "third.key")
    with sealer(journal.address) as connection:
        change_key(connection, second, journal.key)
    journal.write(2)
    journal.seal(key=second)
    kept = journal.heads()
    report = journal.verify("rotated", trusted=[journal.key.name.hex()], kept=kept)
    assert (words(report), report.faults, report.remarks) == ({"valide": 14}, [], [])
    with sealer(journal.address) as connection:
        change_key(connection, third, None)
    journal.write(1)
    journal.seal(key=third)
    assert faults(journal.verify("lost", trusted=[journal.key.name.hex()])) == ["clé inconnue"]
    both = [journal.key.name.hex(), third.name.hex()]
    assert faults(journal.verify("told", trusted=both)) == []
    # A head of the first key after it was replaced is nobody's.
    journal.spoil("UPDATE journal_head SET key = %s WHERE size = 14", journal.key.name)
    assert "clé inconnue" in faults(journal.verify("old key", trusted=both))


CUTS: dict[str, Callable[[Path], object]] = {
    "the last file": lambda folder: (folder / "whole.json").unlink(),
    "the last entry": lambda folder: shorten(folder / "entries.txt", 1),
    "half a line": lambda folder: shorten(folder / "leaves.txt", 0.5),
    "the last head": lambda folder: shorten(folder / "heads.txt", 1),
}


def shorten(file: Path, lines: float) -> None:
    content = file.read_bytes()
    last = content.rstrip(b"\n").rfind(b"\n") + 1
    file.write_bytes(content[: last if lines == 1 else (last + len(content)) // 2])


@pytest.mark.parametrize("cut", CUTS)
def test_an_export_cut_on_its_way_is_seen(journal: Stage, cut: str) -> None:
    folder, report = journal.export(), Report()
    CUTS[cut](folder)
    check_export(folder, report)
    assert "export tronqué" in faults(report)


def test_proofs_of_each_entry_and_of_each_growth(journal: Stage) -> None:
    key = [journal.key.name.hex()]
    with sealer(journal.address) as connection:
        for position in range(12):
            entry = entry_at(journal, position)
            for size in (None, 4 * (position // 4 + 1)):
                report = Report()
                check_proof(json.loads(json.dumps(prove(connection, entry, size))), report, key)
                assert (words(report), report.faults, report.remarks) == ({"valide": 1}, [], [])
        for older, size in ((4, 8), (8, None), (4, 12), (12, 12)):
            report = Report()
            check_proof(prove_growth(connection, older, size), report, key)
            assert (report.faults, report.remarks) == ([], [])
        with pytest.raises(Unknown):
            prove(connection, new_id())
        with pytest.raises(Unknown):
            prove(connection, entry_at(journal, 9), 8)
        with pytest.raises(Unknown):
            prove_growth(connection, 5)


def test_a_spoilt_proof_proves_nothing(journal: Stage) -> None:
    with sealer(journal.address) as connection:
        proof = prove(connection, entry_at(journal, 5))
        growth = prove_growth(connection, 4)
    head = proof["head"].split(" ")
    spoilt = {
        "altérée": [
            {**proof, "entry": proof["entry"].replace("test.staged", "test.stage")},
            {**proof, "position": 6},
            {**proof, "path": proof["path"][::-1]},
        ],
        "inconnue": [{**proof, "head": " ".join([*head[:3], "2020-01-01T00:00:00.000000Z", *head[4:]])}],
    }
    for word, ones in spoilt.items():
        for one in ones:
            report = Report()
            check_proof(one, report)
            assert (words(report), report.wrong) == ({word: 1}, True)
    report = Report()
    check_proof({**growth, "path": growth["path"][:-1]}, report)
    assert faults(report) == ["têtes incohérentes"]


def test_it_runs_alone_with_the_database_away(journal: Stage, tmp_path: Path) -> None:
    """Copied elsewhere, in a Python that knows nothing of the platform (``-I``)."""
    folder = journal.export()
    script = shutil.copy(VERIFIER, tmp_path / "verifier.py")
    answer = subprocess.run(
        [sys.executable, "-I", script, folder], capture_output=True, text=True, check=False
    )
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "valide : 12" in answer.stdout
    assert answer.stdout.endswith("Tout est comme au scellé.\n")
    imported = {
        line.split()[1].split(".")[0] for line in VERIFIER.read_text().splitlines() if " import " in line
    }
    assert imported - set(sys.stdlib_module_names) <= {"cryptography"}


def test_it_answers_of_one_entry_and_by_its_exit_status(
    journal: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    entry, forged = entry_at(journal, 5), entry_at(journal, 6)
    folder = str(journal.export("sound"))
    assert main([folder, "--entry", str(entry)]) == 0
    assert capsys.readouterr().out.startswith(f"valide {entry}\n")
    assert main([folder, "--entry", str(new_id())]) == 1
    assert capsys.readouterr().out.startswith("inconnue ")
    journal.spoil("UPDATE journal_entry SET verb = 'test.done' WHERE id = %s", forged)
    harmed = str(journal.export("harmed"))
    assert main([harmed, "--entry", str(forged)]) == 1
    assert capsys.readouterr().out.startswith(f"altérée 6 {forged} : elle a été changée")
    assert main([str(journal.folder)]) == 2
    assert "Ce n’est ni un export ni une preuve" in capsys.readouterr().err
    with sealer(journal.address) as connection:
        proof = journal.folder / "proof.json"
        proof.write_text(json.dumps(prove(connection, entry)))
    assert main([str(proof), "--key", journal.key.name.hex()]) == 0
    assert main([str(proof), "--key", "00" * 32]) == 1


def test_the_key_of_a_folder_is_made_once(tmp_path: Path) -> None:
    assert seal_key(tmp_path / "a" / "journal.key")
    assert not seal_key(tmp_path / "a" / "journal.key")
