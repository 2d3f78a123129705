"""A ballot box built row by row, for tests that begin where ballots are cast.

Nothing of the verbs before the opening is used: a fault of theirs cannot hide here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from survey_app.ballot.closed_box import closed_batch
from survey_app.ballot.paper.ballot import (
    Ballot,
    BallotForm,
    Written,
    padded_answers,
    padded_texts,
)
from survey_app.ballot.paper.challenge import ChallengeProof
from survey_app.ballot.paper.closing import (
    ClosedBatch,
    Closing,
    Content,
    Sealed,
    SignedClosing,
    closing_of,
)
from survey_app.ballot.paper.manifest import Manifest, ManifestBatch
from survey_app.ballot.paper.ticket import digest_of, tag_of, tracker_of
from survey_app.ballot.sealing.envelope import seal
from survey_app.ballot.sealing.secrets_folder import (
    SurveySecrets,
    keep_proof,
    make_secrets,
)
from survey_app.ballot.sealing.signatures import sign
from survey_app.ballot.tables import CLOSED, BallotBox, Batch
from survey_app.ballot.tickets import (
    CHALLENGED,
    NEW,
    USED,
    VOID_TICKET,
    Ticket,
    Tracker,
)
from survey_app.database import writing
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from tests.support.holder_keys import public_keys
from tests.support.printed_slips import Wanted, opened_with
from tests.support.secret_county import SecretCounty

AUDITOR = ChallengeProof("", "THE AUDITOR'S SLIP", "nonce")


@dataclass(frozen=True)
class StandingBox:
    """An open box, the slips that were printed for it, and what it takes to cast."""

    county: SecretCounty
    ballots: Engine
    folder: Path
    manifest: Manifest
    secrets: SurveySecrets
    slips: Mapping[str, list[str]] = field(repr=False)
    """Batch → codes nobody has used yet."""

    @property
    def survey_id(self) -> int:
        return self.manifest.survey_id

    @property
    def questionnaire(self) -> Questionnaire:
        return self.county.questionnaire

    def batch(self, unit: int, group: str) -> ManifestBatch:
        """Return the batch of a unit and rater group."""
        found = [
            batch
            for batch in self.manifest.batches
            if (batch.unit, batch.rater_group) == (unit, group)
        ]
        return found[0]

    def form(self, batch: ManifestBatch) -> BallotForm:
        """Return what the ballots of this batch ask."""
        subjects = self.manifest.subjects[batch.unit]
        return BallotForm(self.survey_id, batch.batch_id, self.questionnaire, subjects)

    def picks(self, batch: ManifestBatch, choice: str) -> Ballot:
        """Return the ballot that answers everything alike."""
        asked = [question.key for question in self.questionnaire.questions]
        subjects = self.manifest.subjects[batch.unit]
        return Ballot({subject: dict.fromkeys(asked, choice) for subject in subjects})

    def cast(
        self,
        batch: ManifestBatch,
        said: str | Ballot = "good",
        *,
        comment: str = "",
        written: Sequence[Written] = (),
        envelope: bytes = b"",
    ) -> bytes:
        """Use a slip of the batch and return the digest of its ticket.

        `envelope` goes into the box as it is, instead of a ballot sealed here.
        """
        form = self.form(batch)
        ballot = said if isinstance(said, Ballot) else self.picks(batch, said)
        answers = padded_answers(form, ballot)
        said_too = [(form.subject_ids[0], "", comment)] if comment else []
        remark = padded_texts(form, [*said_too, *written])
        digest = self.digest(self.slips[batch.batch_id].pop())
        values = {
            "envelope": envelope or seal(answers, public_keys(), aad=form.aad),
            "comment": seal(remark, public_keys(), aad=form.aad),
        }
        tag = tag_of(
            self.secrets.pepper, batch_id=batch.batch_id, digest=digest, **values
        )
        self._change(digest, NEW, state=USED, tag=tag, **values)
        return digest

    def cast_many(self, unit: int, group: str, **said: int) -> None:
        """Cast so many ballots that answer everything alike, as in good=5, bad=2."""
        for choice, count in said.items():
            for _ in range(count):
                self.cast(self.batch(unit, group), choice)

    def challenge(self, digest: bytes) -> None:
        """Set a used ticket aside for the one auditor there is."""
        tracker = tracker_of(self.envelope(digest)).hex()
        keep_proof(self.folder, self.survey_id, replace(AUDITOR, tracker=tracker))
        self._change(digest, USED, state=CHALLENGED)

    def set_aside(self, digest: bytes) -> None:
        """Do the same as somebody who can write to the database and nowhere else."""
        self._change(digest, USED, state=CHALLENGED)

    def envelope(self, digest: bytes) -> bytes:
        """Return what lies in the box under this ticket."""
        with Session(self.ballots) as session:
            return session.get_one(Ticket, digest).envelope

    def row(self) -> BallotBox:
        """Return the box's row as it is now."""
        with Session(self.ballots) as session:
            return session.get_one(BallotBox, self.survey_id)

    def digest(self, code: str) -> bytes:
        """Return what is kept of a code."""
        return digest_of(code, pepper=self.secrets.pepper, survey_id=self.survey_id)

    def close(self, **signed: int) -> None:
        """Fix counts and trackers; `signed` by batch id, else as many as used."""
        with Session(writing(self.ballots)) as session:
            for posted in self.manifest.batches:
                batch = session.get_one(Batch, posted.batch_id)
                count = _states_of(session, batch.id)
                batch.used, batch.voided = count[USED], count[VOID_TICKET]
                batch.challenged = count[CHALLENGED]
                batch.signed = signed.get(batch.id, batch.used)
                if batch.used > batch.signed:
                    batch.state = "void"
            session.flush()
            counts = [self._counts(session, batch) for batch in self.manifest.batches]
            content = _content(
                session, {one.batch_id for one in counts if not one.void}
            )
            for tracker in content.trackers:
                session.add(Tracker(survey_id=self.survey_id, tracker=tracker))
            box = session.get_one(BallotBox, self.survey_id)
            closing = closing_of(self.manifest, counts, content)
            box.closing = signed_closing(closing, self.secrets.signing_key).to_json()
            box.state = CLOSED
            session.commit()

    def _counts(self, session: Session, posted: ManifestBatch) -> ClosedBatch:
        """Return what is posted of a batch when its box closes."""
        return closed_batch(session.get_one(Batch, posted.batch_id), posted)

    def _change(self, digest: bytes, before: int, **values: object) -> None:
        wanted = (Ticket.digest == digest, Ticket.state == before)
        with writing(self.ballots).begin() as connection:
            changed = connection.execute(update(Ticket).where(*wanted).values(values))
        assert changed.rowcount == 1


def standing_box(
    county: SecretCounty,
    ballots: Engine,
    folder: Path,
    *,
    eligible: Mapping[str, int] | None = None,
    **rules: object,
) -> StandingBox:
    """Issue a batch for every unit and group and open the box.

    `eligible` is group → people of every unit; `rules` are fields of the manifest
    other than the usual.
    """
    people = eligible or {"leaders": 8, "staff": 10, "residents": 30}
    made = make_secrets(folder, county.survey_id)
    rules = {"commitments": (AUDITOR.commitment,), **rules}
    manifest, slips = opened_with(
        ballots,
        county.survey_id,
        made,
        county.questionnaire,
        [
            Wanted(unit, group, county.subjects[unit], people[group])
            for unit, group in product(county.subjects, people)
        ],
        lambda batches, key: county.manifest(batches=batches, signing_key=key, **rules),
    )
    return StandingBox(county, ballots, folder, manifest, made, slips)


def _states_of(session: Session, batch_id: str) -> dict[int, int]:
    counted = select(Ticket.state, func.count()).where(Ticket.batch_id == batch_id)
    rows = session.execute(counted.group_by(Ticket.state)).all()
    found: dict[int, int] = dict(rows)
    states = (NEW, USED, VOID_TICKET, CHALLENGED)
    return {state: found.get(state, 0) for state in states}


def signed_closing(closing: Closing, signing_key: bytes) -> SignedClosing:
    """Return the closing as the server signs it."""
    return SignedClosing(closing, sign(signing_key, closing.signed_message).hex())


def _content(session: Session, batches: Collection[str]) -> Content:
    """Return what lies in the envelopes of these batches."""
    kept = session.scalars(select(Ticket).where(Ticket.batch_id.in_(batches))).all()

    def sealed(state: int, kind: str) -> tuple[Sealed, ...]:
        found = (one for one in kept if one.state == state)
        return tuple(sorted(Sealed(getattr(one, kind), one.batch_id) for one in found))

    return Content(
        envelopes=sealed(USED, "envelope"),
        comments=sealed(USED, "comment"),
        challenged=sealed(CHALLENGED, "envelope"),
    )
