"""The growing tree: the vectors of Certificate Transparency, and every size up to 64 against the definition itself."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree, verify_consistency, verify_inclusion

from gruppetto.kernel.journal import tree
from gruppetto.kernel.journal.verifier import Frontier, fold, grown, included, leaf_hash, node_hash

# The test data of Certificate Transparency (google/certificate-transparency, merkletree/merkle_tree_test.cc), which
# later implementations share (transparency-dev/merkle, testonly/constants.go).
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
# (leaf, size) → path, and (old, new) → path, of the same data; the leaf counted from zero.
INCLUSIONS = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}
GROWTHS = {
    (1, 8): INCLUSIONS[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
MOST = 64
LEAVES = [leaf_hash(f"leaf {rank}".encode()) for rank in range(MOST)]


def definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = max(1 << power for power in range(8) if 1 << power < len(leaves))
    return node_hash(definition(leaves[:half]), definition(leaves[half:]))


def kept(leaves: list[bytes]) -> dict[int, tuple[bytes, bytes]]:
    """What the table of leaves keeps."""
    growing = Frontier()
    return {position: (leaf, growing.add(leaf)) for position, leaf in enumerate(leaves)}


ROWS = kept(LEAVES)


def inclusion(position: int, size: int, rows: dict[int, tuple[bytes, bytes]] = ROWS) -> list[bytes]:
    return tree.hashes(tree.beside(position, size), lambda places: {place: rows[place] for place in places})


def growth(old: int, new: int, rows: dict[int, tuple[bytes, bytes]] = ROWS) -> list[bytes]:
    return tree.hashes(tree.between(old, new), lambda places: {place: rows[place] for place in places})


def test_the_vectors_of_certificate_transparency() -> None:
    leaves = [leaf_hash(bytes.fromhex(text)) for text in INPUTS]
    assert Frontier().root.hex() == EMPTY
    growing, roots = Frontier(), []
    for leaf in leaves:
        growing.add(leaf)
        roots.append(growing.root.hex())
    assert roots == ROOTS
    rows = kept(leaves)
    for (position, size), path in INCLUSIONS.items():
        assert [step.hex() for step in inclusion(position, size, rows)] == path
        root = bytes.fromhex(ROOTS[size - 1])
        assert included(leaves[position], position, size, [bytes.fromhex(step) for step in path], root)
    for (old, new), path in GROWTHS.items():
        assert [step.hex() for step in growth(old, new, rows)] == path
        roots_of = [bytes.fromhex(ROOTS[size - 1]) for size in (old, new)]
        assert grown(old, new, [bytes.fromhex(step) for step in path], *roots_of)


def test_every_size_has_the_root_of_the_definition() -> None:
    growing = Frontier()
    for size in range(MOST + 1):
        assert growing.root == definition(LEAVES[:size])
        parts = tree.subtrees(0, size)
        assert growing.subtrees == [tree.kept(part, *ROWS[tree.place(part)]) for part in parts]
        assert fold(growing.subtrees) == growing.root
        if size < MOST:
            growing.add(LEAVES[size])


def test_every_inclusion_and_every_growth_up_to_64_is_proved() -> None:
    roots = [definition(LEAVES[:size]) for size in range(MOST + 1)]
    for size in range(1, MOST + 1):
        for position in range(size):
            assert included(LEAVES[position], position, size, inclusion(position, size), roots[size])
        for old in range(1, size + 1):
            assert grown(old, size, growth(old, size), roots[old], roots[size])


@given(st.data())
def test_a_proof_proves_nothing_else(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, MOST))
    position, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, MOST - 1))
    path, root = inclusion(position, size), definition(LEAVES[:size])
    if other != position:
        assert not included(LEAVES[other], position, size, path, root)
        assert not included(LEAVES[position], other, size, path, root)
    assert not included(LEAVES[position], position, size, [*path, root], root)
    assert not included(LEAVES[position], position, size, path, leaf_hash(root))
    if path:
        spoilt = data.draw(st.integers(0, len(path) - 1))
        assert not included(LEAVES[position], position, size, path[:-1], root)
        wrong = [step if rank != spoilt else hashlib.sha256(step).digest() for rank, step in enumerate(path)]
        assert not included(LEAVES[position], position, size, wrong, root)


@given(st.data())
def test_a_rewritten_past_is_no_growth(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, MOST))
    old = data.draw(st.integers(1, new - 1))
    changed = data.draw(st.integers(0, old - 1))
    rewritten = [*LEAVES[:changed], leaf_hash(b"another"), *LEAVES[changed + 1 : new]]
    before, after = definition(LEAVES[:old]), definition(rewritten)
    for path in (growth(old, new), growth(old, new, kept(rewritten))):
        assert not grown(old, new, path, before, after)
    path = growth(old, new)
    assert not grown(old, new, path[:-1], before, definition(LEAVES[:new]))
    assert not grown(old, new, [*path, before], before, definition(LEAVES[:new]))
    assert not grown(new, old, path, definition(LEAVES[:new]), before)


@pytest.mark.parametrize(("position", "size"), [(-1, 4), (4, 4), (0, 0), (7, 3)])
def test_a_place_that_is_none_is_not_included(position: int, size: int) -> None:
    assert not included(LEAVES[0], position, size, [], LEAVES[0])


def test_another_library_finds_the_same_roots_and_gives_the_same_proofs() -> None:
    """pymerkle 7, written by others from the same RFC; it counts from one, and its paths begin with the leaf."""
    theirs = InmemoryTree(algorithm="sha256")
    for rank in range(MOST):
        theirs.append_entry(f"leaf {rank}".encode())
    assert [theirs.get_root(size) for size in range(1, MOST + 1)] == [
        definition(LEAVES[:size]) for size in range(1, MOST + 1)
    ]
    for position, size in ((0, 64), (5, 8), (31, 33), (32, 33), (61, 63)):
        proof = theirs.prove_inclusion(position + 1, size)
        verify_inclusion(LEAVES[position], definition(LEAVES[:size]), proof)
        assert proof.path == [LEAVES[position], *inclusion(position, size)]
    for old, new in ((1, 8), (3, 7), (8, 21), (22, 47), (47, 64)):
        roots = definition(LEAVES[:old]), definition(LEAVES[:new])
        # Theirs are written otherwise than the RFC's: each proves the same growth its own way.
        verify_consistency(*roots, theirs.prove_consistency(old, new))
        assert grown(old, new, growth(old, new), *roots)
