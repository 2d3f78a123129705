"""What anybody may know of a secret ballot: its manifest, its head and its lists.

Read from the ballot database alone. Nothing here counts anything itself: numbers stand
in the signed head, which is made once.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import Engine, Row, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey_app.ballot.paper.closing import SignedClosing
from survey_app.ballot.paper.fragments import Fragment, recount_lines
from survey_app.ballot.paper.head import Head, SignedHead
from survey_app.ballot.paper.manifest import Manifest, read_posted
from survey_app.ballot.tables import ISSUING, BallotBox, FragmentRow
from survey_app.ballot.tickets import Tracker
from survey_app.domain.ground.frozen_text import TextRefused
from survey_app.domain.ground.printed_code import ALPHABET

TRACKER_BITS = 256
ROWS_AT_ONCE = 5000
_COLUMNS = tuple(getattr(FragmentRow, field.name) for field in fields(Fragment))
"""Of a fragment, in the order in which one is built."""


@dataclass(frozen=True, slots=True)
class BallotPapers:
    """The published papers of one ballot, from its opening for answers on."""

    manifest: Manifest
    manifest_paper: str
    """As it is posted and downloaded: manifest and signature."""
    signature: str
    """The server's, of the manifest, in hex."""
    signed_closing: SignedClosing | None
    """None until the box was closed."""
    closing_paper: str
    signed_head: SignedHead | None
    """None until the box was opened."""
    head_paper: str
    """All of it, what was said about persons included; see `public_head_paper`."""
    is_void: bool = False
    """Whether auditors found a difference, so that nothing is ever opened."""

    @property
    def head(self) -> Head | None:
        """The result, without its signatures."""
        return self.signed_head.head if self.signed_head else None

    @property
    def public_head_paper(self) -> str | None:
        """What everybody may read of the result; None where that is nothing.

        All of it only where the manifest says so.
        """
        if self.signed_head is None or self.manifest.public_answers:
            return self.head_paper or None
        return self.signed_head.public_paper


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
    """Return the papers of every ballot that was opened for answers, newest first.

    Those that this program cannot read are left out.
    """
    ordered = (
        select(BallotBox)
        .where(BallotBox.state != ISSUING)
        .order_by(BallotBox.opens_on.desc(), BallotBox.survey_id.desc())
    )
    with Session(ballots) as boxes:
        return tuple(_readable(boxes.scalars(ordered)))


def papers_of(ballots: Engine, survey_id: int) -> BallotPapers | None:
    """Return the papers of one ballot; None before it was opened for answers.

    Raises TextRefused where this program cannot read them.
    """
    with Session(ballots) as boxes:
        box = boxes.get(BallotBox, survey_id)
    return None if box is None or box.state == ISSUING else _papers(box)


def tracker_lines(ballots: Engine, survey_id: int) -> Iterator[str]:
    """Yield the trackers of all ballots that were in the box: hex, sorted, a line each.

    Call only once the box was opened.
    """
    wanted = select(Tracker.tracker).where(Tracker.survey_id == survey_id)
    for rows in _pieces(ballots, wanted, Tracker.tracker):
        yield "".join(f"{tracker.hex()}\n" for (tracker,) in rows)


def fragment_lines(ballots: Engine, head: Head, *, opened: bool) -> Iterator[str]:
    """Yield every fragment as a line of JSON: `opened` where the head posts its count.

    Of all others there is a hash only; see `recount_lines`.
    """
    posted = head.tally if opened else {}
    wanted = select(*_COLUMNS).where(FragmentRow.survey_id == head.survey_id)
    for rows in _pieces(ballots, wanted, FragmentRow.id):
        fragments = [Fragment(*tuple(row)) for row in rows]
        yield from (f"{line}\n" for line in recount_lines(fragments, posted))


def found_tracker(ballots: Engine, prefix: str) -> FoundTracker | None:
    """Return the opened ballot whose list has a tracker beginning with these symbols.

    `prefix` is what `tracker_prefix` returns.
    """
    first, last = _range_of(prefix)
    wanted = (
        select(BallotBox)
        .join(Tracker, Tracker.survey_id == BallotBox.survey_id)
        .where(Tracker.tracker.between(first, last), BallotBox.head != "")
        .limit(1)
    )
    with Session(ballots) as boxes:
        box = boxes.scalar(wanted)
    if box is None:
        return None
    manifest = _papers(box).manifest
    return FoundTracker(manifest.survey_id, manifest.title)


def waiting_ballots(ballots: Engine) -> tuple[WaitingBallot, ...]:
    """Return the ballots whose lists will be published, the next one first."""
    waiting = [
        WaitingBallot(papers.manifest.title, papers.manifest.closes_on)
        for papers in published_papers(ballots)
        if papers.signed_head is None and not papers.is_void
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


def _readable(boxes: Iterable[BallotBox]) -> Iterator[BallotPapers]:
    """Yield the papers that this program can read."""
    for box in boxes:
        with suppress(TextRefused):
            yield _papers(box)


def _papers(box: BallotBox) -> BallotPapers:
    """Return the papers of a box; raises TextRefused."""
    text, signature = read_posted(box.manifest)
    closing = SignedClosing.from_json(box.closing) if box.closing else None
    head = SignedHead.from_json(box.head) if box.head else None
    return BallotPapers(
        manifest=Manifest.from_json(text),
        manifest_paper=box.manifest,
        signature=signature,
        signed_closing=closing,
        closing_paper=box.closing,
        signed_head=head,
        head_paper=box.head,
        is_void=box.is_void,
    )


def _range_of(prefix: str) -> tuple[bytes, bytes]:
    """Return the smallest and the largest tracker that begin with these symbols."""
    number = 0
    for symbol in prefix:
        number = number << 5 | ALPHABET.index(symbol)
    rest = TRACKER_BITS - 5 * len(prefix)
    first = number << rest
    return first.to_bytes(32), (first | (1 << rest) - 1).to_bytes(32)
