"""Which rater group is counted in which, where one is too small to stay alone."""

from collections.abc import Mapping, Sequence


def merged_groups(
    sizes: Mapping[str, int], order: Sequence[str], *, at_least: int
) -> dict[str, str]:
    """Return, for every group with anybody in it, the group it is counted in.

    Along the scheme's order the first group below `at_least` joins its next neighbour,
    the last one its previous neighbour, and so on until none is below. Nobody but the
    sizes decides, so that the rule can be frozen before anybody has answered. A group
    that is left alone may stay below: the caller refuses or withholds it. Raises
    ValueError for a group that is not in the order.
    """
    if strange := sizes.keys() - set(order):
        raise ValueError(f"not in the scheme's order: {sorted(strange)}")
    counted_in = {group: group for group in order if sizes.get(group, 0) > 0}
    totals = {group: sizes[group] for group in counted_in}
    while len(totals) > 1:
        small = next((g for g in totals if totals[g] < at_least), None)
        if small is None:
            break
        _join(small, totals, counted_in)
    return counted_in


def _join(small: str, totals: dict[str, int], counted_in: dict[str, str]) -> None:
    """Count the small group, and all that joined it before, in its neighbour."""
    left = list(totals)
    place = left.index(small)
    neighbour = left[place + 1] if place + 1 < len(left) else left[place - 1]
    totals[neighbour] += totals.pop(small)
    for group, target in counted_in.items():
        if target == small:
            counted_in[group] = neighbour
