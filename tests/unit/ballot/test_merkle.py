"""Merkle trees: the vectors of certificate transparency, and sets that differ."""

import hashlib
import random
import secrets

import pytest

from survey_app.ballot.paper.merkle import merkle_root

LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
"""The test leaves of the certificate-transparency log; they come sorted."""
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""Root of the first 0, 1, 2 … of them."""

SIZES = (1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 300)


def leaves(count: int) -> list[bytes]:
    return [secrets.token_bytes(32) for _ in range(count)]


@pytest.mark.parametrize("count", range(len(ROOTS)))
def test_the_known_roots_are_found(count: int) -> None:
    assert merkle_root(LEAVES[:count]).hex() == ROOTS[count]


def test_two_leaves_are_hashed_as_the_standard_says() -> None:
    left, right = (hashlib.sha256(b"\0" + leaf).digest() for leaf in (b"a", b"b"))

    assert merkle_root([b"b", b"a"]) == hashlib.sha256(b"\1" + left + right).digest()


@pytest.mark.parametrize("count", SIZES)
def test_neither_order_nor_repetition_matters(count: int) -> None:
    some = leaves(count)
    mixed = random.sample(some, count) + some[:1]

    assert merkle_root(iter(mixed)) == merkle_root(some)


def test_a_node_cannot_pass_for_a_leaf() -> None:
    some = sorted(leaves(4))
    hashed = [hashlib.sha256(b"\0" + leaf).digest() for leaf in some]
    nodes = [b"".join(hashed[:2]), b"".join(hashed[2:])]

    assert merkle_root(nodes) != merkle_root(some)


def test_one_more_leaf_changes_the_root() -> None:
    some = leaves(20)

    assert merkle_root(some) != merkle_root(some[1:])
