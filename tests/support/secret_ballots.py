"""A secret ballot as the office prepares it, in the county of two units."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import note_confirmed
from survey_app.appraisal.people import Subject
from survey_app.ballot.batches import request_unit
from survey_app.ballot.close_ballot import Reconciliation, close_ballot
from survey_app.ballot.issue_batch import IssuedSlips, issue_batch
from survey_app.ballot.open_ballot import open_ballot
from survey_app.ballot.paper.manifest import Manifest, read_posted
from survey_app.ballot.paper.ticket import digest_of, tag_of
from survey_app.ballot.sealing.secrets_folder import read_secrets
from survey_app.ballot.set_up import add_key_holder
from survey_app.ballot.tables import BallotBox, Batch
from survey_app.ballot.tickets import USED, Ticket, Tracker
from survey_app.database import writing
from survey_app.settings import Settings
from survey_app.survey.parts import add_subjects
from survey_app.survey.tables import Survey
from tests.support.drafts import PLAN, draft
from tests.support.holder_keys import public_keys

SECRET = replace(PLAN, title="年度民主测评", mode="secret")
MAY_1 = date(2026, 5, 1)
FIRST, SECOND = "first", "second"
"""Two accounts of the office."""


@dataclass(frozen=True)
class Office:
    """Both databases, the folder of secrets, and one secret ballot among them."""

    db: Session
    ballots: Engine
    folder: Path
    survey_id: int
    units: tuple[int, int]
    subject_ids: tuple[int, int]

    def request(self, *, unit: int = 0, **eligible: int) -> dict[str, str]:
        """Request the batches of one unit; return group → batch."""
        return request_unit(
            self.db, self.ballots, self.survey_id,
            unit_id=self.units[unit], eligible=eligible, account=FIRST,
        )  # fmt: skip

    def issue(self, batch_id: str, account: str = SECOND) -> IssuedSlips:
        """Issue one batch."""
        return issue_batch(
            self.db, self.ballots, batch_id,
            account=account, secrets_folder=self.folder,
        )  # fmt: skip

    def issued(self, *, unit: int = 0, **eligible: int) -> dict[str, IssuedSlips]:
        """Request and issue the batches of one unit; return group → slips."""
        wanted = self.request(unit=unit, **eligible)
        return {group: self.issue(batch) for group, batch in wanted.items()}

    def open(self, today: date = MAY_1) -> Manifest:
        """Open the ballot."""
        return open_ballot(
            self.db, self.ballots, self.survey_id,
            today=today, secrets_folder=self.folder,
        )  # fmt: skip

    def opened(self, **eligible: int) -> dict[str, IssuedSlips]:
        """Issue batches for both units, the second of 8 of the staff, and open."""
        self.issued(unit=1, staff=8)
        slips = self.issued(**eligible)
        self.open()
        return slips

    def close(
        self, slips: IssuedSlips, *, signed: int = 8, ballots: Engine | None = None
    ) -> dict[str, Reconciliation]:
        """Close the ballot; 8 people signed for every other batch."""
        every = dict.fromkeys(self.posted(), 8) | {slips.batch_id: signed}
        return self.close_with(every, ballots=ballots)

    def close_with(
        self, signed: Mapping[str, int], *, ballots: Engine | None = None
    ) -> dict[str, Reconciliation]:
        """Close the ballot with these signatures, by batch."""
        return close_ballot(
            self.db, ballots or self.ballots, self.survey_id,
            signed=signed, secrets_folder=self.folder,
        )  # fmt: skip

    def posted(self) -> list[str]:
        """Return the batches of the manifest."""
        return [batch.batch_id for batch in self.manifest().batches]

    def trackers(self) -> set[bytes]:
        """Return the trackers that were in the box when it closed."""
        wanted = select(Tracker.tracker).where(Tracker.survey_id == self.survey_id)
        with Session(self.ballots) as box:
            return set(box.scalars(wanted))

    def use(self, codes: Iterable[str]) -> list[bytes]:
        """Put something sealed into the envelopes of these tickets; return it."""
        sealed, pepper = [], read_secrets(self.folder, self.survey_id).pepper
        for code in codes:
            with Session(writing(self.ballots)) as box:
                ticket = box.get_one(Ticket, self.digest(code))
                ticket.envelope = secrets.token_bytes(len(ticket.envelope))
                ticket.state = USED
                ticket.tag = tag_of(
                    pepper, batch_id=ticket.batch_id, digest=ticket.digest,
                    envelope=ticket.envelope, comment=ticket.comment,
                )  # fmt: skip
                sealed.append(ticket.envelope)
                box.commit()
        return sealed

    def digest(self, code: str) -> bytes:
        """Return what the row of a ticket is called."""
        pepper = read_secrets(self.folder, self.survey_id).pepper
        return digest_of(code, pepper=pepper, survey_id=self.survey_id)

    def tickets(self, batch_id: str) -> list[Ticket]:
        """Return the rows of a batch."""
        with Session(self.ballots) as box:
            return list(box.scalars(select(Ticket).where(Ticket.batch_id == batch_id)))

    def batch(self, batch_id: str) -> Batch:
        """Return a batch as it is now."""
        with Session(self.ballots) as box:
            return box.get_one(Batch, batch_id)

    def box(self) -> BallotBox:
        """Return the box as it is now."""
        with Session(self.ballots) as box:
            return box.get_one(BallotBox, self.survey_id)

    def manifest(self) -> Manifest:
        """Return what was posted."""
        return Manifest.from_json(read_posted(self.box().manifest)[0])

    def state(self) -> str:
        """Return the survey's state in the main database."""
        self.db.rollback()
        return self.db.get_one(Survey, self.survey_id).state

    def meddle(self, statement: str, values: Mapping[str, object]) -> None:
        """Change the ballot database as its operator could."""
        with writing(self.ballots).begin() as connection:
            connection.execute(text(statement), values)


def confirmed(db: Session, *names: str) -> None:
    """Let the terminal confirm the owners of these accounts, which need not be."""
    for name in names:
        note_confirmed(db, name)
    db.commit()


def drafted(
    db: Session, ballots: Engine, settings: Settings, *, pair: int = 0
) -> Office:
    """Return a secret draft about a cadre each of two units, both keys in place.

    `pair` says which keys: no two surveys have the same.
    """
    confirmed(db, FIRST, SECOND)
    made = draft(db, SECRET)
    add_subjects(db, made.survey_id, subject_ids=made.subject_ids)
    for place, key in enumerate(public_keys(pair), 1):
        add_key_holder(
            db, ballots, made.survey_id, place=place, public_key_text=key.to_json()
        )
    one, other = (db.get_one(Subject, s).unit_id for s in made.subject_ids)
    db.commit()
    assert settings.secrets_folder is not None
    return Office(
        db, ballots, settings.secrets_folder, made.survey_id, (one, other),
        made.subject_ids,
    )  # fmt: skip


def beside(
    db: Session, ballots: Engine, settings: Settings, *, pair: int = 1
) -> Office:
    """Return another draft like it, called otherwise so that both can be."""
    office = drafted(db, ballots, settings, pair=pair)
    for table, column in (("cycle", "name"), ("unit", "code"), ("cadre", "code")):
        db.execute(text(f"UPDATE {table} SET {column} = 'x' || {column}"))  # noqa: S608 -- names written here
    db.commit()
    return office
