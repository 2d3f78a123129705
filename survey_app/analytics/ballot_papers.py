"""What anybody may know of a secret ballot: its manifest, its head and its lists.

Read from the ballot database alone. Nothing here counts anything itself: numbers stand
in the signed head, which is made once.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from sqlalchemy import Engine, Row, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey_app.analytics.paging import (
    ListAsked,
    ListColumns,
    ListPage,
    anywhere,
    page_of,
)
from survey_app.ballot.paper.closing import SignedClosing
from survey_app.ballot.paper.fragments import Fragment, recount_lines
from survey_app.ballot.paper.head import Head, SignedHead
from survey_app.ballot.paper.manifest import Manifest, read_posted
from survey_app.ballot.tables import (
    CLOSED,
    ISSUING,
    OPEN,
    BallotBox,
    FragmentRow,
    was_voided,
)
from survey_app.ballot.tickets import Tracker
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
class PostedBallot:
    """A ballot whose manifest is posted: what a list says of it, by its keys."""

    survey_id: int
    opens_on: date
    closes_on: date
    state: str
    is_decrypted: bool = False

    @property
    def is_void(self) -> bool:
        """Whether nothing was decrypted, and nothing will be."""
        return was_voided(self.state, has_head=self.is_decrypted)


_LISTED = (
    BallotBox.survey_id, BallotBox.opens_on, BallotBox.closes_on, BallotBox.state,
)  # fmt: skip
_IN_ORDER = ListColumns(
    always=(BallotBox.opens_on.desc(), BallotBox.survey_id.desc()), within=anywhere
)


def posted_page(ballots: Engine, asked: ListAsked) -> ListPage[PostedBallot]:
    """Return one page of the ballots that were opened for answers, newest first.

    No paper is read: a manifest holds every batch of its ballot.
    """
    wanted = select(*_LISTED).where(BallotBox.state != ISSUING)
    with Session(ballots) as boxes:
        rows = page_of(boxes, wanted, _IN_ORDER, asked)
        page = rows.of(lambda row: PostedBallot(*row))
        decrypted = _with_head(boxes, [one.survey_id for one in page.rows])
    return page.of(lambda one: replace(one, is_decrypted=one.survey_id in decrypted))


def waiting_ballots(ballots: Engine) -> tuple[PostedBallot, ...]:
    """Return the ballots whose lists will be published, the next one first."""
    waiting = (
        select(*_LISTED)
        .where(BallotBox.state.in_((OPEN, CLOSED)))
        .order_by(BallotBox.closes_on, BallotBox.survey_id)
    )
    with Session(ballots) as boxes:
        return tuple(PostedBallot(*row) for row in boxes.execute(waiting))


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


def found_tracker(ballots: Engine, prefix: str) -> int | None:
    """Return the opened ballot whose list has a tracker beginning with these symbols.

    `prefix` is what `tracker_prefix` returns.
    """
    first, last = _range_of(prefix)
    wanted = (
        select(BallotBox.survey_id)
        .join(Tracker, Tracker.survey_id == BallotBox.survey_id)
        .where(Tracker.tracker.between(first, last), BallotBox.head != "")
        .limit(1)
    )
    with Session(ballots) as boxes:
        return boxes.scalar(wanted)


def _with_head(boxes: Session, survey_ids: Collection[int]) -> set[int]:
    """Return which of these ballots have a result."""
    wanted = select(BallotBox.survey_id).where(BallotBox.head != "")
    return set(boxes.scalars(wanted.where(BallotBox.survey_id.in_(survey_ids))))


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
