"""The stranger's verifier: is this export of the journal what was sealed? Reads files, asks no database.

Runs alone (``python verifier.py FOLDER``): Python's own library, and ``cryptography`` for the Ed25519 signatures.
How the files are written is in docs/operators/journal.md; what the words prove, and what they cannot, in the ADR 0015.

An entry is a line of JSON. Its leaf is ``kind entry recorded_at digest``, the digest being SHA-256 of that line. Leaves
are those of one growing Merkle tree (RFC 6962): leaf = SHA-256(0x00 ‖ leaf line), node = SHA-256(0x01 ‖ left ‖ right).
A head signs the root at a size.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from base64 import b64encode
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FILES = ("keys.txt", "heads.txt", "leaves.txt", "entries.txt", "forgotten.txt")
# Written when all the others are: how many lines each has, and whether contents were asked for.
LAST = "whole.json"

WORDS = ALTERED, UNKNOWN, FORGOTTEN, VALID = "altérée", "inconnue", "oubliée", "valide"
# How many rows are named on the terminal.
MOST = 100
FORGETS = "journal.forgotten"
# Looks go after six months at the soonest; the shortest six months have 181 days.
LOOKS_KEPT = timedelta(days=180)
WAITS = timedelta(seconds=60)
LATE = timedelta(minutes=10)

Leaf = tuple[int, bytes, bytes, str]
"""Position, hash, leaf line, name of the entry."""
Entry = tuple[bytes, bytes, dict[str, Any], str]
"""Its line, salt and body (empty: none), what the line says, its name."""


# The tree (RFC 6962, 2.1).


def leaf_hash(line: bytes) -> bytes:
    """The leaf of a leaf line."""
    return hashlib.sha256(b"\0" + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The node above two."""
    return hashlib.sha256(b"\1" + left + right).digest()


def fold(subtrees: Sequence[bytes]) -> bytes:
    """The root above perfect subtrees, the largest first; that of an empty tree when there is none."""
    if not subtrees:
        return hashlib.sha256(b"").digest()
    root = subtrees[-1]
    for left in reversed(subtrees[:-1]):
        root = node_hash(left, root)
    return root


class Frontier:
    """The perfect subtrees of a tree that grows: all that is needed to add to it, and to know its root."""

    def __init__(self, size: int = 0, subtrees: Iterable[bytes] = ()) -> None:
        self.size, self.subtrees = size, list(subtrees)

    def add(self, leaf: bytes) -> bytes:
        """Add a leaf; the hashes of the subtrees that it completes, the smallest first, end to end."""
        completed, last = list[bytes](), leaf
        while self.size >> len(completed) & 1:
            last = node_hash(self.subtrees.pop(), last)
            completed.append(last)
        self.subtrees.append(last)
        self.size += 1
        return b"".join(completed)

    @property
    def root(self) -> bytes:
        """The root of what was added so far."""
        return fold(self.subtrees)


def included(leaf: bytes, position: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Does ``path`` lead from the leaf at ``position`` to the root of ``size`` leaves? (RFC 9162, 2.1.3.2)"""
    if not 0 <= position < size:
        return False
    rank, last, found = position, size - 1, leaf
    for step in path:
        if not last:
            return False
        if rank & 1 or rank == last:
            found = node_hash(step, found)
            while not rank & 1 and rank:
                rank, last = rank >> 1, last >> 1
        else:
            found = node_hash(found, step)
        rank, last = rank >> 1, last >> 1
    return not last and found == root


def grown(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Does ``path`` prove that the first ``old`` of ``new`` leaves are those of ``old_root``? (RFC 9162, 2.1.4.2)"""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    steps = [old_root, *path] if not old & (old - 1) else list(path)
    if not steps:
        return False
    rank, last = old - 1, new - 1
    while rank & 1:
        rank, last = rank >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if not last:
            return False
        if rank & 1 or rank == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not rank & 1 and rank:
                rank, last = rank >> 1, last >> 1
        else:
            second = node_hash(second, step)
        rank, last = rank >> 1, last >> 1
    return not last and first == old_root and second == new_root


# What is written, and what is signed.


@dataclass(frozen=True)
class Key:
    """A line of ``keys.txt``. ``since``: heads of more leaves than that are this key's, until the next key's.

    ``announced``: the signature of the key before, over ``text``; ``shown``: this key's own.
    """

    public: bytes
    since: int
    at: str
    after: str
    announced: str
    shown: str

    @classmethod
    def read(cls, line: str) -> Key:
        """From ``public since at after announced shown``."""
        public, since, *others = line.split(" ")
        return cls(bytes.fromhex(public), int(since), *others)

    @property
    def name(self) -> str:
        """SHA-256 of the public key: what one compares, and keeps elsewhere."""
        return hashlib.sha256(self.public).hexdigest()

    def text(self, log: str) -> bytes:
        """What is signed when it is announced; ``log``: the name of the journal's first key."""
        lines = ("gruppetto journal key", log, self.public.hex(), f"{self.since}", self.at, self.after)
        return "".join(f"{line}\n" for line in lines).encode()

    def signed(self, text: bytes, signature: str) -> bool:
        """Is this the signature of ``text`` by this key?"""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(bytes.fromhex(signature), text)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Head:
    """A line of ``heads.txt``: the root of the first ``size`` leaves; ``previous``: the size of the head before."""

    size: int
    previous: int
    root: bytes
    at: str
    key: str
    signature: str

    @classmethod
    def read(cls, line: str) -> Head:
        """From ``size previous root at key signature``."""
        size, previous, root, *others = line.split(" ")
        return cls(int(size), int(previous), bytes.fromhex(root), *others)

    def text(self, log: str) -> bytes:
        """What is signed: a checkpoint as transparency logs write them (c2sp.org/tlog-checkpoint)."""
        lines = (f"gruppetto journal {log}", f"{self.size}", b64encode(self.root).decode())
        more = (f"previous {self.previous}", f"at {self.at}", f"key {self.key}")
        return "".join(f"{line}\n" for line in (*lines, *more)).encode()


def leaf_line(kind: str, entry: str, recorded_at: str, line: bytes) -> bytes:
    """The line under the leaf of an entry; it stays when the entry is an old look that went."""
    return f"{kind} {entry} {recorded_at} {hashlib.sha256(line).hexdigest()}".encode()


# What is found.


@dataclass
class Report:
    """``rows``: how many of each word; ``named``: (position, entry, word, why) of what is not valid; ``faults`` and
    ``remarks``: sentences on the whole; ``wrong``: something is not as it was sealed. ``asked``: the one row wanted."""

    asked: str = ""
    found: bool = False
    place: int = 0
    rows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WORDS, 0))
    named: list[tuple[int | None, str, str, str]] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    wrong: bool = False

    def row(self, position: int | None, entry: str, word: str, why: str, *, wrong: bool = False) -> None:
        """Count a row that is not valid, and name it."""
        self.rows[word] += 1
        self.named.append((position, entry, word, why))
        self.wrong |= wrong

    def seen(self, position: int, entry: str) -> None:
        """A row is as its leaf says; is it the one wanted?"""
        if entry == self.asked:
            self.found, self.place = True, position

    def fault(self, what: str, sentence: str) -> None:
        """Something of the whole is wrong; ``what``: its word."""
        self.faults.append((what, sentence))
        self.wrong = True

    def told(self) -> Iterator[str]:
        """The lines that a person reads."""
        wanted = [row for row in self.named if self.asked in ("", row[1])]
        for position, entry, word, why in sorted(wanted, key=lambda row: WORDS.index(row[2]))[:MOST]:
            yield f"{word} {'-' if position is None else position} {entry} : {why}"
        if len(wanted) > MOST:
            yield f"… et {len(wanted) - MOST} autres"
        if self.asked and not wanted:
            yield f"{VALID if self.found else UNKNOWN} {self.asked}"
            self.wrong |= not self.found
        yield from (f"{what} : {sentence}" for what, sentence in self.faults)
        yield from (f"à savoir : {remark}" for remark in self.remarks)
        yield ", ".join(f"{word} : {count}" for word, count in self.rows.items())
        yield "Quelque chose n’est pas comme au scellé." if self.wrong else "Tout est comme au scellé."


class Chain:
    """The keys of a journal, each announced by the one before; ``trusted``: names known from elsewhere."""

    def __init__(self, keys: Sequence[Key], trusted: Iterable[str], report: Report) -> None:
        self.keys, self.log = keys, keys[0].name if keys else ""
        trusted = {name.replace(" ", "").lower() for name in trusted}
        if keys and not trusted:
            said = "La première clé n’a été comparée à rien : demandez son empreinte à un témoin."
            report.remarks.append(f"{said} Elle est ici {self.log}.")
        for rank, key in enumerate(keys):
            before, text = keys[max(rank - 1, 0)], key.text(self.log)
            known = key.name in trusted or (rank == 0 and not trusted)
            known |= rank > 0 and key.after == before.name and before.signed(text, key.announced)
            known &= all(key.public != other.public for other in keys[:rank])
            if not (known and before.since <= key.since and key.signed(text, key.shown)):
                said = f"La clé {key.name} ({key.at}) n’est annoncée par aucune clé connue."
                report.fault("clé inconnue", said)

    def of(self, size: int) -> Key | None:
        """The key that signs heads of that size."""
        return next((key for key in reversed(self.keys) if key.since < size), None)

    def check(self, head: Head, report: Report) -> bool:
        """Is that head signed by the key of its time? Else it is said."""
        key, told = self.of(head.size), f"La tête de {head.size} feuilles ({head.at})"
        if key is None or head.key != key.name:
            report.fault("clé inconnue", f"{told} est signée par une autre clé que celle de son moment.")
        elif not key.signed(head.text(self.log), head.signature):
            report.fault("tête falsifiée", f"{told} n’a pas une signature juste.")
        else:
            return True
        return False


class Heads:
    """Heads against the tree as it grows again: each root is computed anew from the leaves."""

    def __init__(self, heads: Sequence[Head], kept: Sequence[Head], chain: Chain, report: Report) -> None:
        self.heads, self.kept, self.report, self.tree = heads, kept, report, Frontier()
        self.roots = dict.fromkeys((head.size for head in (*heads, *kept)), b"")
        before, self.signed = Head(0, 0, b"", "", "", ""), set[int]()
        for head in heads:
            if head.previous != before.size or head.size <= before.size or head.at < before.at:
                told = f"Après la tête de {before.size} feuilles vient celle de {head.size}, qui en suit une autre."
                report.fault("têtes incohérentes", told)
            self.signed |= {head.size} if chain.check(head, report) else set()
            before = head
        for head in kept:
            chain.check(head, report)

    def follow(self, leaves: Iterable[Leaf]) -> Iterator[Leaf]:
        """The same leaves, added to the tree on their way."""
        absent = False
        for leaf in leaves:
            position, found = leaf[:2]
            if position != self.tree.size and not absent:
                absent = True
                told = f"La feuille {self.tree.size} manque, ou n’est pas à sa place."
                self.report.fault("feuille absente", told)
            self.tree.add(found)
            if self.tree.size in self.roots:
                self.roots[self.tree.size] = self.tree.root
            yield leaf

    def judge(self) -> int:
        """Say what the roots tell, once all the leaves have passed; how many of the first leaves a head proves."""
        size, last = self.tree.size, max((head.size for head in self.heads), default=0)
        for head in (*self.kept, *self.heads[-1:]):
            if head.size > size:
                told = f"Une tête compte {head.size} feuilles ({head.at}) : il en reste {size}."
                self.report.fault("fin coupée", told)
        if not self.heads:
            self.report.fault("fin coupée", "Ce journal n’a aucune tête : rien n’y est scellé.")
        elif size > last:
            self.report.fault("fin coupée", f"{size - last} feuilles sont au-delà de la dernière tête.")
        agreed = [
            head.size for head in self.heads if head.size <= size and self.roots[head.size] == head.root
        ]
        proved = max(self.signed & {*agreed}, default=0)
        for heads, words in ((self.heads, "altérée"), (self.kept, "têtes incohérentes")):
            reached = sorted((head for head in heads if head.size <= size), key=lambda head: head.size)
            right = [self.roots[head.size] == head.root for head in reached]
            for rank, head in enumerate(reached):
                if not right[rank] and any(right[rank:]):
                    told = f"La tête de {head.size} feuilles ({head.at}) contredit une tête plus récente."
                    self.report.fault("têtes incohérentes", told)
                elif not right[rank]:
                    since = reached[rank - 1].size if rank else 0
                    told = f"De la position {since} à la position {head.size - 1}, après le scellé, une ligne"
                    self.report.fault(words, f"{told} au moins a été changée, ajoutée, ôtée ou déplacée.")
                    proved = min(proved, since)
                    break
        return proved


def binds(facts: dict[str, Any], salted: bytes) -> bool:
    """Is this ``salt body`` the one that the entry speaks of? Its hash is in the entry, itself is not."""
    salt, _, body = salted.partition(b"\t")
    return hashlib.sha256(bytes.fromhex(salt.decode()) + body).hexdigest() == facts["commitment"]


def check_proof(proof: dict[str, Any], report: Report, trusted: Iterable[str] = ()) -> None:
    """Verify a proof as ``gruppetto journal prove`` writes it: that an entry is under a head, or that one head
    continues another. Raises ``KeyError``, ``ValueError``, ``TypeError`` on something else than a proof."""
    chain = Chain([Key.read(line) for line in proof["keys"]], trusted, report)
    head, path = Head.read(proof["head"]), [bytes.fromhex(step) for step in proof["path"]]
    chain.check(head, report)
    if "older" in proof:
        older = Head.read(proof["older"])
        chain.check(older, report)
        if not grown(older.size, head.size, path, older.root, head.root):
            told = f"La tête de {head.size} feuilles ne continue pas celle de {older.size}."
            report.fault("têtes incohérentes", told)
        return
    entry = proof["entry"]
    facts, position = json.loads(entry), int(proof["position"])
    line = leaf_line(facts["kind"], facts["id"], facts["recorded_at"], entry.encode())
    if not included(leaf_hash(line), position, head.size, path, head.root):
        report.row(position, facts["id"], ALTERED, "cette entrée n’est pas sous cette tête", wrong=True)
    elif "body" in proof and not binds(facts, proof["body"].encode()):
        report.row(position, facts["id"], ALTERED, "ce contenu n’est pas celui de l’entrée", wrong=True)
    elif report.wrong:
        report.row(position, facts["id"], UNKNOWN, "cette tête ne prouve rien")
    else:
        report.rows[VALID] += 1
        report.seen(position, facts["id"])


def paired(leaves: Iterable[Any], entries: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Each leaf with the entry of the same name (the last value of both), or one of them alone. In one pass: they
    come in the same order, but for those that are gone."""
    waiting: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    for both in zip_longest(leaves, entries):
        for side, one in enumerate(both):
            if one is None:
                continue
            if (other := waiting[1 - side].pop(one[-1], None)) is not None:
                yield (one, other) if side == 0 else (other, one)
                continue
            if (double := waiting[side].pop(one[-1], None)) is not None:
                yield (double, None) if side == 0 else (None, double)
            waiting[side][one[-1]] = one
    yield from ((leaf, None) for leaf in waiting[0].values())
    yield from ((None, entry) for entry in waiting[1].values())


class Export:
    """The files of an export, line by line; ``counted``: how many whole lines of each were read."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.counted = folder, dict.fromkeys(FILES, 0)
        known = folder / LAST
        self.whole: dict[str, Any] = json.loads(known.read_bytes()) if known.exists() else {}

    def lines(self, name: str) -> Iterator[bytes]:
        """The whole lines of a file: what a cut has left of one is no line."""
        with (self.folder / name).open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    self.counted[name] += 1
                    yield line[:-1]

    def keys(self) -> list[Key]:
        """The keys, the first one first."""
        return [Key.read(line.decode()) for line in self.lines("keys.txt")]

    def heads(self) -> list[Head]:
        """The heads, the smallest first."""
        return [Head.read(line.decode()) for line in self.lines("heads.txt")]

    def leaves(self) -> Iterator[Leaf]:
        """The leaves, in order."""
        for line in self.lines("leaves.txt"):
            position, found, words = line.split(b" ", 2)
            yield int(position), bytes.fromhex(found.decode()), words, words.split(b" ")[1].decode()

    def entries(self) -> Iterator[Entry]:
        """The entries in the order of their leaves, then those without one."""
        for line in self.lines("entries.txt"):
            text, _, body = line.partition(b"\t")
            facts = json.loads(text)
            yield text, body, facts, facts["id"]


def check_export(
    folder: Path,
    report: Report,
    trusted: Iterable[str] = (),
    kept: Iterable[str] = (),
    older: Path | None = None,
) -> None:
    """Verify an export: each row, and the whole against its heads.

    ``trusted``: names of keys known from elsewhere; ``kept``: lines of heads kept from before; ``older``: an export of
    before. Raises ``OSError``, ``ValueError``, ``LookupError`` or ``TypeError`` when ``folder`` is no export.
    """
    export = Export(folder)
    chain = Chain(export.keys(), trusted, report)
    witnesses, before = [Head.read(line.strip()) for line in kept if line.strip()], dict[int, bytes]()
    if older is not None:
        witnesses += Export(older).heads()
        before = {position: found for position, found, *_ in Export(older).leaves()}
    if not witnesses:
        said = "Aucune tête gardée d’avant n’a été donnée :"
        report.remarks.append(f"{said} ce que le détenteur de la clé aurait réécrit ou coupé ne se voit pas.")
    heads = Heads(export.heads(), witnesses, chain, report)
    right = check_rows(export, heads, before, report)
    proved = heads.judge()
    # As its leaf says is not enough: a row is valid under a head that is.
    for count, end in zip(right, [*(head.size for head in heads.heads), proved + 1], strict=True):
        report.rows[VALID if end <= proved else UNKNOWN] += count
    report.found = report.found and report.place < proved
    counts = export.whole.get("lines", {})
    if not counts:
        report.fault("export tronqué", f"Le fichier {LAST}, écrit en dernier, manque.")
    for name, count in counts.items():
        if export.counted[name] != count:
            told = f"{name} a {export.counted[name]} lignes entières, et en avait {count}."
            report.fault("export tronqué", told)


def check_rows(export: Export, heads: Heads, before: dict[int, bytes], report: Report) -> list[int]:
    """Judge each row by its leaf; how many are as their leaf says under each head, and beyond the last one."""
    last = heads.heads[-1].at if heads.heads else ""
    looks_end, waits_end = (earlier(last, LOOKS_KEPT), earlier(last, WAITS)) if last else ("", "")
    sizes = [head.size for head in heads.heads]
    late_since = ["", *(earlier(head.at, LATE) for head in heads.heads)]
    without_body, forgetting, recent, late = [], set[str](), dict[str, dict[str, Any]](), 0
    forgotten = {line.split(b" ", 1)[0].decode() for line in export.lines("forgotten.txt")}
    right = [0] * (len(sizes) + 1)
    for leaf, entry in paired(heads.follow(export.leaves()), export.entries()):
        if leaf is None:
            if entry[2]["recorded_at"] < waits_end:
                why = "jamais scellée, et plus ancienne que la dernière tête"
                report.row(None, entry[3], UNKNOWN, why, wrong=True)
            else:
                recent[entry[3]] = entry[2]
            continue
        position, found, line, name = leaf
        kind, _name, at, _digest = line.decode().split(" ")
        rank = bisect_right(sizes, position)
        late += at < late_since[rank]
        if leaf_hash(line) != found or before.get(position, found) != found:
            report.row(position, name, ALTERED, "sa feuille a été changée", wrong=True)
        elif entry is None and kind == "look" and at < looks_end:
            report.row(position, name, FORGOTTEN, "consultation effacée à son terme")
        elif entry is None:
            report.row(position, name, ALTERED, "elle a été ôtée", wrong=True)
        elif leaf_line(entry[2]["kind"], name, entry[2]["recorded_at"], entry[0]) != line:
            report.row(position, name, ALTERED, "elle a été changée", wrong=True)
        elif entry[1] and not binds(entry[2], entry[1]):
            report.row(position, name, ALTERED, "son contenu a été changé", wrong=True)
        elif not entry[1] and (export.whole.get("bodies") or name in forgotten):
            without_body.append((position, name))
        else:
            right[rank] += 1
            report.seen(position, name)
            if entry[2]["verb"] == FORGETS:
                forgetting.add(entry[2]["subject_id"])
    twice = {leaf[3] for leaf in Export(export.folder).leaves() if leaf[3] in recent} if recent else ()
    for name in recent:
        if name in twice:
            report.row(None, name, ALTERED, "elle figure deux fois", wrong=True)
        else:
            report.row(None, name, UNKNOWN, "pas encore scellée")
    announced = {facts["subject_id"] for facts in recent.values() if facts["verb"] == FORGETS}
    for position, name in without_body:
        if name in forgotten and name in forgetting:
            report.row(position, name, FORGOTTEN, "son contenu a été effacé, et le journal le dit")
        elif name in forgotten and name in announced:
            report.row(position, name, UNKNOWN, "son contenu vient d’être effacé, pas encore scellé")
        else:
            why = "son contenu a été ôté, et le journal ne dit pas pourquoi"
            report.row(position, name, ALTERED, why, wrong=True)
    if late:
        said = "Entrées scellées plus de dix minutes après leur date (passé repris, panne, ajout antidaté) :"
        report.remarks.append(f"{said} {late}.")
    return right


def earlier(at: str, by: timedelta) -> str:
    """The moment ``by`` before ``at``, both as the files write them: they sort as texts."""
    return f"{datetime.fromisoformat(at) - by:%Y-%m-%dT%H:%M:%S.%fZ}"


def main(argv: Sequence[str] | None = None) -> int:
    """Verify what is named; the exit status is 0 when all is as it was sealed, 1 when not, 2 when it cannot be read."""
    parser = argparse.ArgumentParser(description="Vérifie un export du journal, ou une preuve, sans la base.")
    parser.add_argument("place", type=Path, help="dossier d’un export, ou fichier d’une preuve")
    parser.add_argument("--key", action="append", default=[], help="empreinte d’une clé connue par ailleurs")
    parser.add_argument("--head", type=Path, help="fichier de têtes gardées d’avant, une par ligne")
    parser.add_argument("--older", type=Path, help="un export d’avant")
    parser.add_argument("--entry", default="", help="dire seulement ce qu’il en est de cette entrée")
    asked = parser.parse_args(argv)
    report = Report(asked.entry)
    try:
        if asked.place.is_file():
            check_proof(json.loads(asked.place.read_bytes()), report, asked.key)
        else:
            kept = asked.head.read_text().splitlines() if asked.head else ()
            check_export(asked.place, report, asked.key, kept, asked.older)
    except (OSError, ValueError, LookupError, TypeError) as error:
        sys.stderr.write(f"Ce n’est ni un export ni une preuve, ou il y manque quelque chose : {error!r}\n")
        return 2
    sys.stdout.write("".join(f"{line}\n" for line in report.told()))
    return int(report.wrong)


if __name__ == "__main__":
    sys.exit(main())
