"""How many of some equations are independent: the long way, for tests."""

from collections.abc import Sequence
from fractions import Fraction


def rank(rows: Sequence[Sequence[Fraction]]) -> int:
    """Gaussian elimination over exact fractions."""
    found, waiting = 0, [list(row) for row in rows]
    for column in range(len(waiting[0]) if waiting else 0):
        pivot = next((row for row in waiting if row[column]), None)
        if pivot is None:
            continue
        waiting = [
            [
                a - b * row[column] / pivot[column]
                for a, b in zip(row, pivot, strict=True)
            ]
            for row in waiting
            if row is not pivot
        ]
        found += 1
    return found
