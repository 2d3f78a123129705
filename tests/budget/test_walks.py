"""Through how many files a request may run, and how often it may move between them.

Counted, not timed; docs/performance/0005-three-walks says how. A walk that grows longer
is a house somebody gets lost in: fold something before raising a number here.
"""

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.benchmark.walk import traced, walks
from tests.conftest import ONE_DATABASE

FILES_AND_MOVES = {
    # Three files know a question's kind, how it is read, and the page's language; its
    # channel knows whether it gave the form's id out, and whom it lets in: how it is
    # found and remembered is another file. Whether a proof of work is asked for, too.
    "answer": (26, 38),
    # Who may see it, the entry that it was seen, the waterfall, the alerts and the
    # objections beside it are thirteen files more. Half of the moves are two loops:
    # the menu asks of each link whether it leads anywhere for this account, and a
    # picture is written mark by mark, once for a phone and once for a desk.
    # There is a link for whoever types sheets and calls.
    "score-sheet": (52, 489),
    # Kinds, lines of a ballot, its language, whoever was taken out, and whether it was
    # sealed on the device.
    "ballot": (34, 142),
}


@ONE_DATABASE
def test_no_walk_grows_longer(app: Flask, db: Session, ballots: Engine) -> None:
    for name, walk in walks(app, db, ballots).items():
        walk()

        trace = traced(walk)

        files, moves = FILES_AND_MOVES[name]
        assert len(trace.files) <= files, (name, sorted(trace.files))
        assert trace.moves.total() <= moves, (name, trace.moves.most_common(20))
