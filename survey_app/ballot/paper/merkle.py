"""Merkle trees over sorted leaves: one hash for a set.

The leaves are sorted before they are hashed, so that a tree cannot tell in which order
anything arrived. Hashing as in RFC 6962, section 2.1.
"""

import hashlib
from collections.abc import Iterable, Sequence

LEAF, NODE = b"\0", b"\1"
"""Prefixes that keep a node from being passed off as a leaf."""


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """Return the root (32 bytes) over the distinct leaves; of none SHA-256 of b""."""
    level = [_leaf_hash(leaf) for leaf in sorted(set(leaves))]
    if not level:
        return hashlib.sha256().digest()
    while len(level) > 1:
        level = _level_above(level)
    return level[0]


def _level_above(level: Sequence[bytes]) -> list[bytes]:
    """Return the next level up: pairs are hashed, one left over rises as it is.

    Level by level this gives the tree RFC 6962 defines by splitting at the largest
    power of two: the left part is always complete.
    """
    pairs = zip(level[::2], level[1::2], strict=False)
    above = [_node_hash(left, right) for left, right in pairs]
    return above + list(level[-1:]) if len(level) % 2 else above


def _leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(LEAF + leaf).digest()


def _node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()
