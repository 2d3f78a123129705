"""A whole secret ballot by the real verbs, robbed at every stage of its life."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from survey_app.ballot.casting import BallotBoxes
from survey_app.ballot.decryption_verbs import export_ballots
from survey_app.ballot.finish_decryption import finish_decryption
from survey_app.ballot.paper.ballot import Ballot
from survey_app.ballot.paper.ticket import digest_of
from survey_app.ballot.record_decryption import record_decryption
from survey_app.ballot.sealing.decrypting import decrypt_box
from survey_app.ballot.sealing.secrets_folder import SurveySecrets, read_secrets
from survey_app.ballot.tables import CLOSED, ISSUING, OPEN, BallotBox, Batch
from survey_app.ballot.tickets import NEW, USED, Ticket
from survey_app.ballot.while_open import void_tickets
from survey_app.database import writing
from survey_app.settings import Settings
from tests.support.attacks.cluster import cluster_of
from tests.support.attacks.crowd import VOTERS
from tests.support.attacks.loot import Loot, stolen_cluster, stolen_files
from tests.support.attacks.traces import answer_writings, code_writings, writings
from tests.support.attacks.victims import engines, postgresql_settings, sqlite_settings
from tests.support.holder_keys import holder_keys
from tests.support.postgresql import PostgreSQL
from tests.support.secret_ballots import MAY_1, Office, drafted

PRINTED, BUT_ONE, CAST, CLOSED_BOX, DONE = (
    "printed", "all but one", "all cast", "closed", "opened and done",
)  # fmt: skip
"""The stages at which the thief comes."""

CHOICES = ("good", "bad", "dont_know")
NEIGHBOUR, NEIGHBOURS = 999_999, "f" * 32
"""Another survey in the same ballot database, not opened yet, and its batch."""


@dataclass(frozen=True)
class CastBallot:
    """What one voter did, which only the voter knows."""

    code: str
    digest: bytes
    picks: dict[int, dict[str, str]]
    comment: str
    tracker: bytes


@dataclass
class Robbery:
    """The truth, and what was stolen at each stage."""

    survey_id: int
    kept: SurveySecrets
    """Pepper and signing key, as long as the survey had them."""
    mark: str = field(default_factory=partial(secrets.token_hex, 8))
    """Stands in every comment and nowhere else."""
    cast: list[CastBallot] = field(default_factory=list)
    """In the order of casting."""
    unused: list[str] = field(default_factory=list)
    loot: dict[str, Loot] = field(default_factory=dict)
    envelopes: set[bytes] = field(default_factory=set)
    """Everything that ever lay in the tickets of this survey, placeholders too."""
    neighbours: set[bytes] = field(default_factory=set)
    """The envelopes of the other survey."""
    journals: list[bytes] = field(default_factory=list)
    """What SQLite's journal held while ballots were being kept."""

    @property
    def codes(self) -> list[str]:
        """Every code that was printed."""
        return [one.code for one in self.cast] + self.unused

    @property
    def sought(self) -> set[bytes]:
        """Everything that must not be readable anywhere before the opening."""
        codes = self.codes_in_clear
        answers = {way for one in self.cast for way in answer_writings(one.picks)}
        return codes | answers | writings(self.mark)

    @property
    def codes_in_clear(self) -> set[bytes]:
        """What must never be readable anywhere."""
        return {way for code in self.codes for way in code_writings(code)}

    @property
    def digests(self) -> list[bytes]:
        """What these are called in the database, in the order of casting."""
        return [one.digest for one in self.cast]


def robbed(settings: Settings, steal: Callable[[], Loot]) -> Robbery:
    """Hold a ballot from the printing of slips to the end, robbed on the way."""
    with engines(settings) as (main, ballots), Session(writing(main)) as db:
        office = drafted(db, ballots, settings)
        slips = office.opened(staff=VOTERS)["staff"]
        folder = office.folder
        robbery = Robbery(office.survey_id, read_secrets(folder, office.survey_id))
        robbery.neighbours = _neighbour(ballots)
        robbery.envelopes |= _lying(ballots, slips.batch_id)
        robbery.loot[PRINTED] = steal()
        with _watched(ballots, robbery.journals):
            _cast_all(robbery, office, main, slips.codes, steal)
        robbery.envelopes |= _lying(ballots, slips.batch_id)
        _measure(ballots)
        robbery.loot[CAST] = steal()
        void_tickets(
            ballots, office.survey_id, codes=robbery.unused[:1], secrets_folder=folder
        )
        _open(office, robbery, steal)
    return robbery


def _cast_all(
    robbery: Robbery,
    office: Office,
    main: Engine,
    codes: tuple[str, ...],
    steal: Callable[[], Loot],
) -> None:
    """Let people vote in an order of their own; two slips are left."""
    drawn = sorted(codes, key=lambda _: secrets.token_bytes(8))
    robbery.unused = drawn[VOTERS:]
    boxes = BallotBoxes(main, office.ballots, office.folder)
    for code in drawn[:VOTERS]:
        if len(robbery.cast) == VOTERS - 1:
            robbery.loot[BUT_ONE] = steal()
        robbery.cast.append(_cast(boxes, code, robbery))


def _cast(boxes: BallotBoxes, code: str, robbery: Robbery) -> CastBallot:
    found = boxes.find(code, today=MAY_1)
    assert found is not None
    asked = [question.key for question in found.form.questionnaire.questions]
    picks = {
        subject: {key: secrets.choice(CHOICES) for key in asked}
        for subject in found.form.subject_ids
    }
    comment = f"评语{robbery.mark}{len(robbery.cast):02}"
    said = [(found.form.subject_ids[0], "", comment)]
    receipt = boxes.cast(found, code, Ballot(picks), said, today=MAY_1)
    assert receipt is not None
    again = boxes.cast(found, code, Ballot(picks), said, today=MAY_1)
    assert again is None
    digest = digest_of(code, pepper=robbery.kept.pepper, survey_id=robbery.survey_id)
    return CastBallot(code, digest, picks, comment, receipt.tracker)


def _open(office: Office, robbery: Robbery, steal: Callable[[], Loot]) -> None:
    """Close the box, open it, take the result and finish."""
    db, ballots, survey_id = office.db, office.ballots, office.survey_id
    signed = dict.fromkeys(_batches(ballots, survey_id), VOTERS)
    office.close_with(signed)
    robbery.loot[CLOSED_BOX] = steal()
    export = export_ballots(db, ballots, survey_id, secrets_folder=office.folder)
    opened = decrypt_box(export, holder_keys())
    record_decryption(db, ballots, survey_id, opened, secrets_folder=office.folder)
    _measure(ballots)
    finish_decryption(db, ballots, survey_id, secrets_folder=office.folder)
    robbery.loot[DONE] = steal()


def _measure(ballots: Engine) -> None:
    """Do what PostgreSQL does by itself whenever a table has changed a little."""
    if ballots.dialect.name == "postgresql":
        with ballots.begin() as connection:
            connection.exec_driver_sql("ANALYZE")


def _batches(ballots: Engine, survey_id: int) -> list[str]:
    with Session(ballots) as session:
        found = session.query(Batch).filter(Batch.survey_id == survey_id)
        return [batch.id for batch in found]


def _neighbour(ballots: Engine) -> set[bytes]:
    """Put another survey's tickets among ours; whatever becomes of ours, they stay."""
    digests = sorted(secrets.token_bytes(32) for _ in range(12))
    rows = [
        Ticket(
            digest=digest, batch_id=NEIGHBOURS, state=state,
            envelope=secrets.token_bytes(1000), comment=secrets.token_bytes(2000),
            tag=secrets.token_bytes(32), page=secrets.token_bytes(32),
        )
        for digest, state in zip(digests, (NEW, USED) * 6, strict=True)
    ]  # fmt: skip
    days = {"opens_on": MAY_1, "closes_on": date(2026, 5, 15)}
    kept = {row.envelope for row in rows}
    with Session(writing(ballots)) as session:
        box = BallotBox(survey_id=NEIGHBOUR, state=ISSUING, **days)
        batch = Batch(
            id=NEIGHBOURS, survey_id=NEIGHBOUR, unit_id=1, rater_group="staff",
            eligible=10, issued=12, state="issued", requested_by="a", issued_by="b",
        )  # fmt: skip
        session.add_all((box, batch))
        session.flush()
        session.add_all(rows)
        session.flush()
        box.state = OPEN
        session.flush()
        box.state = CLOSED
        session.commit()
    return kept


def _lying(ballots: Engine, batch_id: str) -> set[bytes]:
    """Return what lies in the envelopes of a batch now."""
    with Session(ballots) as session:
        rows = session.query(Ticket).filter(Ticket.batch_id == batch_id).all()
        return {
            part
            for row in rows
            for part in (row.envelope, row.comment, row.tag, row.page)
        }


@contextmanager
def _watched(ballots: Engine, journals: list[bytes]) -> Iterator[None]:
    """Read SQLite's journal whenever a transaction is about to end."""

    def look(_: object) -> None:
        if ballots.dialect.name == "sqlite":
            file = Path(f"{ballots.url.database}-journal")
            journals.append(file.read_bytes() if file.exists() else b"")

    event.listen(ballots, "commit", look)
    yield
    event.remove(ballots, "commit", look)


def robbed_sqlite(folder: Path) -> Robbery:
    """Return a ballot on SQLite, with both files in this folder."""
    steal = partial(stolen_files, folder, "survey-ballots.sqlite")
    return robbed(sqlite_settings(folder), steal)


def robbed_postgresql(server: PostgreSQL, folder: Path) -> Robbery:
    """Return a ballot on PostgreSQL, with two databases of their own."""
    with postgresql_settings(server, folder) as settings:
        main, ballots = settings.database_url, settings.ballots_at
        secrets_folder = folder / "secrets"
        steal = partial(
            stolen_cluster, cluster_of(server), main, ballots, secrets_folder
        )
        return robbed(settings, steal)
