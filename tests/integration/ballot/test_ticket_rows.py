"""Ballots that come together are put in together, each ticket once."""

import secrets

from sqlalchemy import Engine, event, select

from survey_app.ballot.tables import BallotBox
from survey_app.ballot.ticket_rows import (
    NEW_TICKET,
    Spending,
    TicketQuestion,
    TicketRows,
)
from survey_app.ballot.tickets import NEW, USED
from survey_app.database import writing
from tests.conftest import FixedClock
from tests.support.open_box import Box


def spending(box: Box, code: str, clock: FixedClock) -> Spending:
    parts = ("envelope", "comment", "tag", "page")
    put_in = {part: secrets.token_bytes(32) for part in parts}
    form = box.form
    return Spending(form.survey_id, form.batch_id, box.digest(code), put_in, clock.day)


def test_a_crowd_shares_its_commits_and_no_ticket_is_spent_twice(
    ballots: Engine, box: Box, clock: FixedClock
) -> None:
    commits: list[object] = []
    event.listen(ballots, "commit", commits.append)
    rows = TicketRows(ballots)
    first, second, third = (spending(box, code, clock) for code in box.codes)

    with writing(ballots).connect() as office:
        office.execute(select(BallotBox.state).with_for_update())
        tickets = [rows._writer.hand_in(first)]
        while rows._writer._queue:
            assert not tickets[0].done()
        asked = {"digests": [second.digest], "today": clock.day}
        tickets += [
            rows._writer.hand_in(work)
            for work in (second, TicketQuestion(NEW_TICKET, asked), third, second)
        ]
    said = [ticket.result(60) for ticket in tickets]

    # Whoever asked was answered from before those who came with him.
    assert [said[0], said[1], said[3], said[4]] == [True, True, True, False]
    assert said[2].digest == second.digest
    assert len(commits) <= 2, "who came while the turn was waited for comes along"
    assert {box.row(code)[0] for code in box.codes} == {USED}


def test_a_box_that_takes_nothing_spends_nothing(
    ballots: Engine, box: Box, clock: FixedClock
) -> None:
    clock.day = clock.day.replace(year=clock.day.year + 1)

    assert not TicketRows(ballots).spend(spending(box, box.codes[0], clock))
    assert box.row(box.codes[0])[0] == NEW
