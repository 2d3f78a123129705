"""How a ballot is taken: sealed before anything is written, then one UPDATE.

The ticket's row exists since its slip was printed. Casting replaces random bytes by an
envelope of the same length and sets the state, if and only if the ticket was new: that
condition is the whole protection against counting twice, and there is no second row
that could be compared with the first. The same statement leaves the mark of the page
that sent the ballot, which alone can ask for the receipt again. Nothing the database
raises leaves this file.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Executable, bindparam, select, update

from survey_app.ballot.open_boxes import BallotSubject, OpenBox, OpenBoxes, Remembered
from survey_app.ballot.paper.ballot import (
    Ballot,
    BallotForm,
    padded_answers,
    padded_comment,
)
from survey_app.ballot.paper.ticket import (
    NONCE_BYTES,
    CastReceipt,
    digest_of,
    is_page_of,
    page_mark_of,
    receipt_message,
    tag_of,
    tracker_of,
)
from survey_app.ballot.sealing.envelope import seal
from survey_app.ballot.sealing.signatures import sign
from survey_app.ballot.tables import OPEN, BallotBox, Batch
from survey_app.ballot.tickets import CHALLENGED, NEW, USED, Ticket
from survey_app.database import OUT_OF_REACH, writing
from survey_app.domain.ground.refusals import NotKept, PerhapsKept

DIGEST_BYTES = 32
ISSUED = "issued"
Comment = tuple[int, str]
"""Subject and text."""

# Built once: building a statement takes longer than most of what it asks.
IN_TIME = (
    BallotBox.state == OPEN,
    BallotBox.signatures.is_(None),
    BallotBox.opens_on <= bindparam("today"),
    BallotBox.closes_on >= bindparam("today"),
)
NEW_TICKET = (
    select(Ticket.digest, Ticket.batch_id)
    .join(Batch, Batch.id == Ticket.batch_id)
    .join(BallotBox, BallotBox.survey_id == Batch.survey_id)
    .where(
        Ticket.digest.in_(bindparam("digests", expanding=True)),
        Ticket.state == NEW,
        Batch.state == ISSUED,
        *IN_TIME,
    )
)
TAKES_BALLOTS = (
    select(BallotBox.survey_id)
    .where(BallotBox.survey_id == bindparam("of_survey"), *IN_TIME)
    .with_for_update(read=True)
)
SPEND = (
    update(Ticket)
    .where(
        Ticket.digest == bindparam("of_ticket"),
        Ticket.batch_id == bindparam("of_batch"),
        Ticket.state == NEW,
    )
    .values(
        state=USED,
        envelope=bindparam("envelope"),
        comment=bindparam("comment"),
        tag=bindparam("tag"),
        page=bindparam("page"),
    )
)
CAST_BEFORE = select(Ticket.digest, Ticket.envelope, Ticket.page).where(
    Ticket.digest.in_(bindparam("digests", expanding=True)),
    Ticket.state.in_((USED, CHALLENGED)),
)
SPENT = (
    select(Ticket.state, Ticket.envelope)
    .where(Ticket.digest == bindparam("of_ticket"))
    .with_for_update(read=True)
)


@dataclass(frozen=True, slots=True)
class OpenBallot:
    """The ballot of one new ticket; it does not know the ticket."""

    box: OpenBox
    form: BallotForm
    subjects: tuple[BallotSubject, ...]


@dataclass(frozen=True, slots=True)
class GivenBefore:
    """The receipt of a ballot that lies in its box already."""

    box: OpenBox
    receipt: CastReceipt


class BallotBoxes:
    """The one way in for ballots."""

    def __init__(
        self,
        main: Engine,
        ballots: Engine | None,
        secrets_folder: Path | None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ballots = ballots
        self._boxes = (
            OpenBoxes(main, ballots, secrets_folder, clock=clock)
            if ballots is not None and secrets_folder is not None
            else None
        )

    def find(self, code: str, *, today: date) -> OpenBallot | None:
        """Return the ballot of a ticket (normalised code) that is new and in time.

        None, after the same work, for one that is unknown, used, void, challenged,
        early or late. Raises NotKept where the database does not answer, and where an
        open box cannot be used, so that nobody can say what the code is.
        """
        if self._ballots is None or self._boxes is None:
            return None
        open_now = self._boxes.now()
        boxes = _by_digest(code, open_now)
        asked = {"digests": _asked(boxes), "today": today}
        row = _row(self._ballots, NEW_TICKET, asked)
        if row is None and not open_now.complete:
            raise NotKept
        return None if row is None else _ballot(boxes[row.digest], row.batch_id)

    def given_before(self, code: str, nonce: bytes) -> GivenBefore | None:
        """Return the receipt of the ballot that a page with this nonce has cast.

        None, after the same work, for every other page and every other code, and once
        the box was opened. Raises NotKept where the database does not answer.
        """
        if self._ballots is None or self._boxes is None:
            return None
        boxes = _by_digest(code, self._boxes.now())
        row = _row(self._ballots, CAST_BEFORE, {"digests": _asked(boxes)})
        box = boxes[row.digest] if row else None
        pepper = box.secrets.pepper if box else secrets.token_bytes(DIGEST_BYTES)
        digest, mark = (row.digest, row.page) if row else (b"", b"")
        made = page_mark_of(pepper, digest=digest, nonce=nonce)
        if not is_page_of(mark, made) or box is None or row is None:
            return None
        return GivenBefore(box, _receipt_of(row.envelope, box))

    def cast(
        self,
        found: OpenBallot,
        code: str,
        ballot: Ballot,
        comment: Comment | None,
        *,
        today: date,
        nonce: bytes = b"",
    ) -> CastReceipt | None:
        """Return the receipt once the ballot is in the box, durably.

        `nonce` is the page's; `given_before` knows the ballot by it.

        None where the ticket was used or the box closed since it was found. Raises
        NotKept where the database did not answer and kept nothing: the same ballot may
        be sent again; PerhapsKept where nobody knows: if the code is not taken when it
        is sent again, the first one is in the box.
        """
        box, form = found.box, found.form
        padded = padded_answers(form, ballot)
        note = padded_comment(form, *(comment or (None, "")))
        sealed = {
            "envelope": seal(padded, box.holders, aad=form.aad),
            "comment": seal(note, box.holders, aad=form.aad),
        }
        digest = _digest(code, box)
        tag = tag_of(
            box.secrets.pepper, batch_id=form.batch_id, digest=digest, **sealed
        )
        page = page_mark_of(
            box.secrets.pepper,
            digest=digest,
            nonce=nonce or secrets.token_bytes(NONCE_BYTES),
        )
        put_in = sealed | {"tag": tag, "page": page}
        if not self._spend(digest, form, put_in, today=today):
            return None
        return _receipt_of(sealed["envelope"], box)

    def _spend(
        self, digest: bytes, form: BallotForm, sealed: dict[str, bytes], *, today: date
    ) -> bool:
        """Put envelopes and tag into the ticket's row; return whether it was new."""
        if self._ballots is None:
            return False
        spent = False
        try:
            with writing(self._ballots).begin() as connection:
                if not _takes_ballots(connection, form.survey_id, today):
                    return False
                which = {"of_ticket": digest, "of_batch": form.batch_id}
                spent = connection.execute(SPEND, which | sealed).rowcount == 1
        except OUT_OF_REACH:
            if not spent:
                raise NotKept from None
            # It went wrong in the commit: what the server did of it, only it knows.
            return _is_kept(self._ballots, digest, sealed["envelope"])
        return spent


def _is_kept(ballots: Engine, digest: bytes, envelope: bytes) -> bool:
    """Return whether exactly this envelope lies in the ticket's row.

    False where another one was first. Raises NotKept where the ticket is still new,
    and PerhapsKept where the database cannot be asked: then nobody knows. The row is
    asked for in share, which waits for a commit that is still on its way.
    """
    try:
        with writing(ballots).connect() as connection:
            row = connection.execute(SPENT, {"of_ticket": digest}).one_or_none()
    except OUT_OF_REACH:
        raise PerhapsKept from None
    if row is None or row.state == NEW:
        raise NotKept
    return bool(row.envelope == envelope)


def _row(ballots: Engine, question: Executable, asked: dict[str, Any]) -> Any:
    """Return the one row there is, or None; raises NotKept."""
    try:
        with ballots.connect() as connection:
            return connection.execute(question, asked).one_or_none()
    except OUT_OF_REACH:
        raise NotKept from None


def _asked(boxes: dict[bytes, OpenBox]) -> list[bytes]:
    """Return the digests to ask for; the same question is asked in every case."""
    # Without any box a digest nobody has.
    return list(boxes) or [secrets.token_bytes(DIGEST_BYTES)]


def _receipt_of(envelope: bytes, box: OpenBox) -> CastReceipt:
    """Return the receipt of an envelope: always the same one."""
    tracker = tracker_of(envelope)
    signature = sign(box.secrets.signing_key, receipt_message(box.survey_id, tracker))
    return CastReceipt(box.survey_id, tracker, signature)


def _by_digest(code: str, open_now: Remembered) -> dict[bytes, OpenBox]:
    """Return what the code would be called in each open box → that box."""
    return {_digest(code, box): box for box in open_now.boxes}


def _digest(code: str, box: OpenBox) -> bytes:
    return digest_of(code, pepper=box.secrets.pepper, survey_id=box.survey_id)


def _ballot(box: OpenBox, batch_id: str) -> OpenBallot | None:
    """Return the ballot of a batch; None for one that is not in the manifest."""
    subjects = box.subjects.get(box.units.get(batch_id, 0), ())
    if not subjects:
        return None
    ids = tuple(subject.id for subject in subjects)
    form = BallotForm(box.survey_id, batch_id, box.questionnaire, ids, box.rules)
    return OpenBallot(box, form, subjects)


def _takes_ballots(connection: Connection, survey_id: int, today: date) -> bool:
    """Return whether the box takes ballots today, and keep it so until the commit.

    The lock makes closing wait: what was acknowledged is always in the count. SQLite's
    one write lock does the same and ignores the clause.
    """
    asked = {"of_survey": survey_id, "today": today}
    return connection.scalar(TAKES_BALLOTS, asked) is not None
