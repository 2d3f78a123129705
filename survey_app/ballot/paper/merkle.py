"""Merkle trees over sorted leaves: one hash for a set, and proofs of belonging to it.

The leaves are sorted before they are hashed, so that a tree cannot tell in which order
anything arrived. Hashing as in RFC 6962, section 2.1.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEAF, NODE = b"\0", b"\1"
"""Prefixes that keep a node from being passed off as a leaf."""


@dataclass(frozen=True, slots=True)
class ProofStep:
    """One neighbour on the way from a leaf up to the root."""

    neighbour: bytes
    """32 bytes."""
    left: bool
    """Whether the neighbour stands on the left."""


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """Return the root (32 bytes) over the distinct leaves; of none SHA-256 of b""."""
    level = [_leaf_hash(leaf) for leaf in sorted(set(leaves))]
    if not level:
        return hashlib.sha256().digest()
    while len(level) > 1:
        level = _level_above(level)
    return level[0]


def merkle_proof(leaves: Iterable[bytes], leaf: bytes) -> tuple[ProofStep, ...]:
    """Return the neighbours from the leaf to the root, lowest first.

    ValueError where the leaf is not among the leaves.
    """
    ordered = sorted(set(leaves))
    place = bisect_left(ordered, leaf)
    if place == len(ordered) or ordered[place] != leaf:
        raise ValueError("there is no such leaf")
    level, steps = [_leaf_hash(one) for one in ordered], []
    while len(level) > 1:
        other = place ^ 1
        if other < len(level):
            steps.append(ProofStep(level[other], left=other < place))
        level, place = _level_above(level), place // 2
    return tuple(steps)


def root_by(leaf: bytes, proof: Iterable[ProofStep]) -> bytes:
    """Return the root (32 bytes) that the leaf and its proof lead to."""
    found = _leaf_hash(leaf)
    for step in proof:
        pair = (step.neighbour, found) if step.left else (found, step.neighbour)
        found = _node_hash(*pair)
    return found


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
