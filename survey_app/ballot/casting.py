"""How a ballot is taken: sealed before anything is written, then one UPDATE.

The ticket's row exists since its slip was printed, and there is no second row that
could be compared with it (ticket_rows.py). The same statement leaves the mark of the
page that sent the ballot, which alone can ask for the receipt again.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from survey_app.ballot.open_boxes import BallotSubject, OpenBox, OpenBoxes, Remembered
from survey_app.ballot.paper.ballot import (
    Ballot,
    BallotForm,
    Written,
    padded_answers,
    padded_texts,
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
from survey_app.ballot.sealing.envelope import SealedBallot, seal, sealed_size
from survey_app.ballot.sealing.signatures import sign
from survey_app.ballot.ticket_rows import Spending, TicketRows
from survey_app.domain.ground.refusals import NotKept

DIGEST_BYTES = 32
"""Subject and text."""


@dataclass(frozen=True, slots=True)
class OpenBallot:
    """The ballot of one new ticket; it does not know the ticket."""

    box: OpenBox
    form: BallotForm
    subjects: tuple[BallotSubject, ...]
    """Who is asked about; the form has those that were taken out besides."""
    gone: tuple[int, ...] = ()

    @property
    def sealed_sizes(self) -> tuple[int, int]:
        """Return how many bytes its two envelopes have, whatever is in them."""
        answers, note = self.form.answers_size, self.form.comment_size
        holders = self.box.holders
        return sealed_size(answers, holders), sealed_size(note, holders)


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
        self._rows = None if ballots is None else TicketRows(ballots)
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
        if self._rows is None or self._boxes is None:
            return None
        open_now = self._boxes.now()
        boxes = _by_digest(code, open_now)
        row = self._rows.new_ticket(_asked(boxes), today=today)
        if row is None and not open_now.complete:
            raise NotKept
        return None if row is None else _ballot(boxes[row.digest], row.batch_id)

    def given_before(self, code: str, nonce: bytes) -> GivenBefore | None:
        """Return the receipt of the ballot that a page with this nonce has cast.

        None, after the same work, for every other page and every other code, and once
        the box was opened. Raises NotKept where the database does not answer.
        """
        if self._rows is None or self._boxes is None:
            return None
        boxes = _by_digest(code, self._boxes.now())
        row = self._rows.cast_before(_asked(boxes))
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
        written: Sequence[Written] = (),
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
        answers = seal(padded_answers(form, ballot), box.holders, aad=form.aad)
        note = seal(padded_texts(form, written), box.holders, aad=form.aad)
        sealed = SealedBallot(answers, note)
        return self.cast_sealed(found, code, sealed, today=today, nonce=nonce)

    def cast_sealed(
        self,
        found: OpenBallot,
        code: str,
        sealed: SealedBallot,
        *,
        today: date,
        nonce: bytes = b"",
    ) -> CastReceipt | None:
        """Return what `cast` returns, of a ballot that was sealed where it was made.

        Its sizes are the form's. What lies in it is known when it is opened.
        """
        box, form = found.box, found.form
        put_in = {"envelope": sealed.answers, "comment": sealed.note}
        digest, pepper = _digest(code, box), box.secrets.pepper
        nonce = nonce or secrets.token_bytes(NONCE_BYTES)
        put_in |= {
            "tag": tag_of(pepper, batch_id=form.batch_id, digest=digest, **put_in),
            "page": page_mark_of(pepper, digest=digest, nonce=nonce),
        }
        spending = Spending(form.survey_id, form.batch_id, digest, put_in, today)
        if self._rows is None or not self._rows.spend(spending):
            return None
        return _receipt_of(put_in["envelope"], box)


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
    unit = box.units.get(batch_id, 0)
    subjects, gone = box.subjects.get(unit, ()), box.gone.get(unit, ())
    if not subjects:
        return None
    ids = (*(subject.id for subject in subjects), *gone)
    form = BallotForm(box.survey_id, batch_id, box.questionnaire, ids, box.rules)
    return OpenBallot(box, form, subjects, gone)
