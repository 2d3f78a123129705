"""Which numbers about groups of people may be shown without betraying a small group.

A group smaller than the floor is never shown. That alone is not enough: what a shown
whole has left after its shown parts are taken away (its residual) is as good as shown.
In a nested tree nothing below the floor can be derived exactly when every residual is
0 or at least the floor; that is the residual rule, and the tests hold it against an
exhaustive search.
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """People counted together: a leaf with its number, or a whole made of parts."""

    key: str
    own: int = 0
    """People who belong to no part; all of them, in a leaf."""
    parts: tuple["Group", ...] = ()

    @property
    def n(self) -> int:
        """Return how many people there are, in the parts and outside them."""
        return self.own + sum(part.n for part in self.parts)

    def everyone(self) -> Iterator["Group"]:
        """Yield this group and every group inside it, wholes before their parts."""
        yield self
        for part in self.parts:
            yield from part.everyone()


def publishable(whole: Group, floor: int) -> frozenset[str]:
    """Return the keys of the groups whose numbers may be shown.

    Where the two cannot both be shown, the whole yields to its parts: scores and
    alerts are made of the parts, and a part hidden here would still stand there.
    """
    shown = {group.key for group in whole.everyone() if group.n >= floor}
    while offender := _offender(whole, shown, floor):
        shown.remove(offender.key)
    return frozenset(shown)


def residual(group: Group, shown: set[str] | frozenset[str]) -> int:
    """Return the people of a group who are in none of its largest shown parts."""
    return group.own + sum(
        0 if part.key in shown else residual(part, shown) for part in group.parts
    )


def _offender(whole: Group, shown: set[str], floor: int) -> Group | None:
    """Return the smallest shown group that would betray a remainder, if any."""
    return min(
        (
            group
            for group in whole.everyone()
            if group.key in shown and 0 < residual(group, shown) < floor
        ),
        key=lambda group: group.n,
        default=None,
    )


def flat(sizes: dict[str, int], key: str) -> Group:
    """Return the whole with this key whose parts have these sizes."""
    return Group(key, parts=tuple(Group(name, n) for name, n in sizes.items()))
