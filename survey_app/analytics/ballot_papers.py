"""What anybody may know of a secret ballot: its manifest, its head and its lists.

Read from the ballot database alone. Nothing here counts anything itself: numbers stand
in the signed head, which is made once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine, Row, Select, select
from sqlalchemy.orm import InstrumentedAttribute

from survey_app.domain.ballots.fragments import Fragment
from survey_app.domain.ballots.head import Head, SignedHead
from survey_app.domain.ballots.manifest import Manifest, read_posted
from survey_app.domain.ballots.recount_file import recount_lines
from survey_app.domain.printed_code import ALPHABET
from survey_app.models.ballots.box import ISSUING, BallotBox
from survey_app.models.ballots.fragment import Fragment as FragmentRow
from survey_app.models.ballots.ticket import Tracker

TRACKER_BITS = 256
ROWS_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class BallotPapers:
    """The published papers of one ballot, from its opening for answers on."""

    manifest: Manifest
    manifest_paper: str
    """As it is posted and downloaded: manifest and signature."""
    signature: str
    """The server's, of the manifest, in hex."""
    signed_head: SignedHead | None
    """None until the box was opened."""
    head_paper: str

    @property
    def head(self) -> Head | None:
        """The result, without its signatures."""
        return self.signed_head.head if self.signed_head else None


@dataclass(frozen=True, slots=True)
class FoundTracker:
    """A ballot whose list of trackers holds the one that was asked for."""

    survey_id: int
    title: str


@dataclass(frozen=True, slots=True)
class WaitingBallot:
    """A ballot whose list is not published yet."""

    title: str
    closes_on: date


def published_papers(ballots: Engine) -> tuple[BallotPapers, ...]:
    """Return the papers of every ballot that was opened for answers, newest first."""
    wanted = select(BallotBox.manifest, BallotBox.head)
    ordered = wanted.where(BallotBox.state != ISSUING).order_by(
        BallotBox.opens_on.desc(), BallotBox.survey_id.desc()
    )
    with ballots.connect() as connection:
        return tuple(_papers(*row) for row in connection.execute(ordered))


def papers_of(ballots: Engine, survey_id: int) -> BallotPapers | None:
    """Return the papers of one ballot; None before it was opened for answers."""
    wanted = select(BallotBox.manifest, BallotBox.head).where(
        BallotBox.survey_id == survey_id, BallotBox.state != ISSUING
    )
    with ballots.connect() as connection:
        row = connection.execute(wanted).one_or_none()
    return None if row is None else _papers(*row)


def tracker_lines(ballots: Engine, survey_id: int) -> Iterator[str]:
    """Yield the trackers of all ballots that were in the box: hex, sorted, a line each.

    Call only once the box was opened.
    """
    wanted = select(Tracker.tracker).where(Tracker.survey_id == survey_id)
    for rows in _pieces(ballots, wanted, Tracker.tracker):
        yield "".join(f"{tracker.hex()}\n" for (tracker,) in rows)


def fragment_lines(ballots: Engine, head: Head) -> Iterator[str]:
    """Yield every fragment as a line of JSON: opened where the head posts its count.

    Of the others there is a hash only; see `domain.ballots.recount_file`.
    """
    wanted = select(FragmentRow.__table__).where(
        FragmentRow.survey_id == head.survey_id
    )
    for rows in _pieces(ballots, wanted, FragmentRow.id):
        fragments = [Fragment(**row._mapping) for row in rows]
        yield from (f"{line}\n" for line in recount_lines(fragments, head.tally))


def found_tracker(ballots: Engine, prefix: str) -> FoundTracker | None:
    """Return the opened ballot whose list has a tracker beginning with these symbols.

    `prefix` is what `domain.ballots.tracker.tracker_prefix` returns.
    """
    first, last = _range_of(prefix)
    wanted = (
        select(BallotBox.manifest, BallotBox.head)
        .join(Tracker, Tracker.survey_id == BallotBox.survey_id)
        .where(Tracker.tracker.between(first, last), BallotBox.head != "")
        .limit(1)
    )
    with ballots.connect() as connection:
        row = connection.execute(wanted).one_or_none()
    if row is None:
        return None
    manifest = _papers(*row).manifest
    return FoundTracker(manifest.survey_id, manifest.title)


def waiting_ballots(ballots: Engine) -> tuple[WaitingBallot, ...]:
    """Return the ballots whose lists will be published, the next one first."""
    waiting = [
        WaitingBallot(papers.manifest.title, papers.manifest.closes_on)
        for papers in published_papers(ballots)
        if papers.signed_head is None
    ]
    return tuple(sorted(waiting, key=lambda ballot: (ballot.closes_on, ballot.title)))


def _pieces(
    ballots: Engine, wanted: Select[Any], key: InstrumentedAttribute[bytes]
) -> Iterator[Sequence[Row[Any]]]:
    """Yield the rows piece by piece, in the order of their key, the first column.

    The database is let go of between two pieces: whoever takes minutes to read must
    not keep anybody's ballot waiting.
    """
    after = b""
    while True:
        piece = wanted.where(key > after).order_by(key).limit(ROWS_AT_ONCE)
        with ballots.connect() as connection:
            rows = connection.execute(piece).all()
        if not rows:
            return
        yield rows
        after = rows[-1][0]


def _papers(manifest_paper: str, head_paper: str) -> BallotPapers:
    text, signature = read_posted(manifest_paper)
    return BallotPapers(
        manifest=Manifest.from_json(text),
        manifest_paper=manifest_paper,
        signature=signature,
        signed_head=SignedHead.from_json(head_paper) if head_paper else None,
        head_paper=head_paper,
    )


def _range_of(prefix: str) -> tuple[bytes, bytes]:
    """Return the smallest and the largest tracker that begin with these symbols."""
    number = 0
    for symbol in prefix:
        number = number << 5 | ALPHABET.index(symbol)
    rest = TRACKER_BITS - 5 * len(prefix)
    first = number << rest
    return first.to_bytes(32), (first | (1 << rest) - 1).to_bytes(32)
