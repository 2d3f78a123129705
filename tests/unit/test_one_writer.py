"""One thread works for all others; who cannot be served is told, at once or soon."""

from collections.abc import Sequence
from threading import Event
from threading import enumerate as threads

import pytest

from survey_app.domain.ground.refusals import NotKept, PerhapsKept
from survey_app.one_writer import LARGEST_BATCH, Handed, More, OneWriter, settle


class Work:
    """Doubles numbers, when it is let; 0 breaks it."""

    def __init__(self) -> None:
        self.may, self.began = Event(), Event()
        self.batches: list[list[int]] = []
        self.takes_along = 0
        """What comes meanwhile is done along with a batch up to this number."""

    def do(self, batch: Sequence[Handed[int, int]], more: More[int, int]) -> None:
        self.began.set()
        assert self.may.wait(60)
        batch = [*batch, *more(lambda number: number <= self.takes_along)]
        self.batches.append([handed.work for handed in batch])
        for handed in batch:
            settle(handed.ticket, 2 * handed.work if handed.work else 1 // 0)


@pytest.fixture
def work() -> Work:
    return Work()


def test_what_comes_together_is_done_together(work: Work) -> None:
    writer = OneWriter(work.do)
    first = writer.hand_in(1)
    assert work.began.wait(60)
    others = [writer.hand_in(number) for number in range(2, LARGEST_BATCH + 3)]

    work.may.set()

    assert first.result() == 2
    assert [ticket.result() for ticket in others] == list(
        range(4, 2 * len(others) + 4, 2)
    )
    assert [len(batch) for batch in work.batches] == [1, LARGEST_BATCH, 1]


def test_who_comes_while_the_turn_is_waited_for_is_taken_along(work: Work) -> None:
    writer = OneWriter(work.do)
    work.takes_along = LARGEST_BATCH + 2
    first = writer.hand_in(1)
    assert work.began.wait(60)
    others = [writer.hand_in(number) for number in range(2, LARGEST_BATCH + 4)]

    work.may.set()

    assert [ticket.result(60) for ticket in (first, *others)] == list(
        range(2, 2 * LARGEST_BATCH + 8, 2)
    )
    assert [len(batch) for batch in work.batches] == [LARGEST_BATCH, 3]


def test_nobody_is_taken_along_before_one_who_does_not_fit(work: Work) -> None:
    writer = OneWriter(work.do)
    work.takes_along = 3
    tickets = [writer.hand_in(1)]
    assert work.began.wait(60)
    tickets += [writer.hand_in(number) for number in (2, 9, 3)]

    work.may.set()

    assert [ticket.result(60) for ticket in tickets] == [2, 4, 18, 6]
    assert work.batches == [[1, 2], [9, 3]]


def test_who_is_taken_along_is_told_as_the_others_when_it_breaks(work: Work) -> None:
    writer = OneWriter(work.do)
    work.takes_along = 5
    first = writer.hand_in(0)
    assert work.began.wait(60)
    second = writer.hand_in(5)

    work.may.set()

    assert isinstance(first.exception(60), PerhapsKept)
    assert isinstance(second.exception(60), PerhapsKept)


def test_a_full_queue_refuses_at_once(work: Work) -> None:
    writer = OneWriter(work.do, longest=2)
    waiting = [writer.hand_in(1)]
    assert work.began.wait(60)
    waiting += [writer.hand_in(2), writer.hand_in(3)]

    with pytest.raises(NotKept):
        writer.hand_in(4)

    work.may.set()
    assert [ticket.result() for ticket in waiting] == [2, 4, 6]


def test_who_waits_too_long_is_refused_and_what_is_being_done_is_not(
    work: Work,
) -> None:
    writer = OneWriter(work.do, patience=0.01)
    first = writer.hand_in(1)
    assert work.began.wait(60)
    second = writer.hand_in(2)

    assert isinstance(second.exception(60), NotKept)
    assert not first.done()
    work.may.set()
    assert first.result() == 2
    assert work.batches == [[1]]


def test_what_is_being_done_without_an_end_is_known_to_nobody(work: Work) -> None:
    writer = OneWriter(work.do, patience=0.01, at_most=0.02)
    first = writer.hand_in(1)

    assert type(first.exception(60)) is PerhapsKept
    work.may.set()
    assert writer.hand_in(2).result(60) == 4
    assert work.batches == [[1], [2]]


def test_what_breaks_leaves_nobody_waiting(work: Work) -> None:
    writer = OneWriter(work.do)
    work.may.set()

    assert isinstance(writer.hand_in(0).exception(60), PerhapsKept)
    assert writer.hand_in(3).result(60) == 6


def test_there_is_no_thread_before_there_is_work(work: Work) -> None:
    before = len(threads())
    writer = OneWriter(work.do)
    assert len(threads()) <= before

    ticket = writer.hand_in(1)

    assert not ticket.cancel()
    work.may.set()
    assert ticket.result() == 2
