"""Who waits, who makes room and who is given up: a list that knows no network."""

from dataclasses import dataclass, field

import pytest

from survey_app.serving.waiting import GRACE, LONGEST, MOST_BYTES, SLOWEST, Waiting


@dataclass(eq=False)
class Somebody:
    """A connection of which we know what it did."""

    waiting: Waiting
    since: float = 0.0
    moved: int = 0
    held: int = 0
    told: list[object] = field(default_factory=list)

    def progress(self) -> tuple[float, int]:
        return self.since, self.moved

    def decline(self, status: int) -> None:
        self.told.append(status)
        self.waiting.bytes -= self.held
        self.held = 0

    def give_up(self) -> None:
        self.told.append("given up")


def test_the_one_that_waited_longest_makes_room_for_a_newcomer() -> None:
    waiting = Waiting(most=2)
    first, second, third = (Somebody(waiting) for _ in range(3))
    waiting.add(first)
    waiting.add(second)
    waiting.add(first)  # it began anew

    waiting.add(third)

    assert [one.told for one in (first, second, third)] == [[], ["given up"], []]


@pytest.mark.parametrize(
    ("moved", "passed", "stays"),
    [
        (0, GRACE - 1, True),
        (int(GRACE), GRACE + 1, False),  # a byte a second
        (int(SLOWEST * 60), 60.0, True),
        (int(SLOWEST * 2 * LONGEST), LONGEST + 1, False),
    ],
)
def test_who_moves_too_slowly_is_given_up(
    moved: int, passed: float, *, stays: bool
) -> None:
    waiting = Waiting()
    somebody = Somebody(waiting, since=100.0, moved=moved)
    waiting.add(somebody)

    waiting.sweep(100.0 + passed)

    assert somebody.told == ([] if stays else ["given up"])


def test_whoever_holds_most_goes_first_and_the_small_stay() -> None:
    waiting = Waiting()
    small, large = Somebody(waiting, held=2000), Somebody(waiting, held=MOST_BYTES)
    for one in (small, large):
        waiting.add(one)
        waiting.bytes += one.held

    waiting.make_room(500)

    assert (small.told, large.told) == ([], [503])
    assert waiting.bytes == small.held
