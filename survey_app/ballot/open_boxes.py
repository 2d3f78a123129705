"""The ballot boxes that are open now: what is asked, about whom, sealed to which keys.

Closed and void ones stand beside them until they are opened or scrubbed: whoever lost
the reply to a ballot can still ask for its receipt. What takes a ballot looks at the
state itself.

They are remembered for a few seconds. Whether a ballot is taken is asked again inside
the transaction that takes it. A box whose secrets are missing, or whose manifest is not
the one this server signed, is never used: somebody could have put other keys into it.
"""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.appraisal.rated import Rated
from survey_app.ballot.paper.manifest import Manifest, read_posted
from survey_app.ballot.sealing.keys import PublicKey
from survey_app.ballot.sealing.secrets_folder import SurveySecrets, read_secrets
from survey_app.ballot.sealing.signatures import MANIFEST, is_signed, public_of
from survey_app.ballot.tables import CLOSED, OPEN, VOID, BallotBox
from survey_app.database import OUT_OF_REACH
from survey_app.domain.ground.frozen_text import TextRefused
from survey_app.domain.ground.refusals import (
    KeyRefused,
    NotKept,
    SecretsMissing,
    UnsafeServer,
)
from survey_app.domain.questionnaire.ballot_rules import BallotRule
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.scheme import Post
from survey_app.survey.rated import rated_in
from survey_app.survey.tables import Survey
from survey_app.survey.take_out import taken_out_by_survey

REMEMBERED = 5.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the main database knows of a secret ballot."""

    title: str
    questionnaire: str
    subjects: "tuple[BallotSubject, ...]"
    gone: frozenset[int]
    """Whom nobody is asked about any more."""


@dataclass(frozen=True, slots=True)
class BallotSubject:
    """Somebody, or a leading body, on a ballot."""

    id: int
    name: str
    title: str
    """The cadre's post, such as 镇长; "" for a leading body."""


@dataclass(frozen=True, slots=True)
class OpenBox:
    """All that casting needs of a survey; never shown, its secrets least of all."""

    survey_id: int
    title: str
    questionnaire: Questionnaire
    subjects: Mapping[int, tuple[BallotSubject, ...]]
    """Unit → who is rated on its ballots, in the order of the page."""
    gone: Mapping[int, tuple[int, ...]]
    """Unit → who was taken out: no page asks, and the envelope is as long as ever."""
    units: Mapping[str, int]
    """Batch → its unit."""
    holders: tuple[PublicKey, ...]
    """The first seals first."""
    closes_on: date
    rules: tuple[BallotRule, ...]
    """What every ballot must obey, as its manifest says."""
    sealing_script: str
    """The print of the script that may seal on the device; "" in early manifests."""
    secrets: SurveySecrets = field(repr=False)


@dataclass(frozen=True, slots=True)
class Remembered:
    """The boxes as they were a moment ago: open ones, and closed ones still shut."""

    boxes: tuple[OpenBox, ...] = ()
    complete: bool = True
    """Whether every open box can be used; if not, nobody can say what a code is."""


class OpenBoxes:
    """The open boxes of a ballot database, with what the main one knows of them."""

    def __init__(
        self,
        main: Engine,
        ballots: Engine,
        secrets_folder: Path,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._main = main
        self._ballots = ballots
        self._folder = secrets_folder
        self._clock = clock
        self._lock = Lock()
        self._since = float("-inf")
        self._kept: Remembered | None = None

    def now(self) -> Remembered:
        """Return the open boxes, read at most five seconds ago.

        Raises NotKept where a database does not answer and none were ever read.
        """
        with self._lock:
            if self._kept is None or self._clock() - self._since >= REMEMBERED:
                try:
                    self._kept = self._read()
                    self._since = self._clock()
                except OUT_OF_REACH:
                    if self._kept is None:
                        raise NotKept from None
            return self._kept

    def _read(self) -> Remembered:
        """Read the open boxes; without any, the main database is not asked."""
        wanted = select(BallotBox.survey_id, BallotBox.manifest, BallotBox.state)
        shut = wanted.where(BallotBox.state.in_((OPEN, CLOSED, VOID)))
        with self._ballots.connect() as connection:
            found = connection.execute(shut).all()
        if not found:
            return Remembered()
        asked = self._asked({survey_id for survey_id, *_ in found})
        boxes = [
            (self._box(paper, asked.get(number)), state)
            for number, paper, state in found
        ]
        return Remembered(
            tuple(box for box, _ in boxes if box is not None),
            complete=all(box or state != OPEN for box, state in boxes),
        )

    def _asked(self, survey_ids: Collection[int]) -> dict[int, _Asked]:
        """Return survey → what it asks, about bodies first, then heads, then others."""
        surveys = select(Survey.id, Survey.title, Survey.questionnaire)
        with Session(self._main) as session:
            rows = session.execute(surveys.where(Survey.id.in_(survey_ids))).all()
            rated = rated_in(session, survey_ids)
            gone = taken_out_by_survey(session, survey_ids)
        return {
            number: _Asked(
                title,
                questionnaire,
                tuple(
                    BallotSubject(one.id, one.name, one.title)
                    for one in sorted(rated[number], key=_place_on_the_page)
                ),
                gone[number],
            )
            for number, title, questionnaire in rows
        }

    def _box(self, paper: str, asked: _Asked | None) -> OpenBox | None:
        """Return the box this manifest opened; None where it cannot be trusted."""
        try:
            text, signature = read_posted(paper)
            manifest = Manifest.from_json(text)
            secrets = read_secrets(self._folder, manifest.survey_id)
            holders = tuple(PublicKey.from_json(key) for _, key in manifest.key_holders)
            signed = bytes.fromhex(signature)
        except (ValueError, SecretsMissing, UnsafeServer, KeyRefused):
            return None
        message = MANIFEST + text.encode()
        if asked is None or not is_signed(
            public_of(secrets.signing_key), message, signed
        ):
            return None
        return _put_together(manifest, asked, holders, secrets)


def _place_on_the_page(one: Rated) -> tuple[bool, bool, int]:
    """Return what the page is sorted by: the body, then the principals, then others."""
    is_person = one.cadre is not None
    return is_person, is_person and one.post is not Post.PRINCIPAL, one.id


def _put_together(
    manifest: Manifest,
    asked: _Asked,
    holders: tuple[PublicKey, ...],
    secrets: SurveySecrets,
) -> OpenBox | None:
    """Return the box; None where the main database asks something else by now."""
    try:
        questionnaire = Questionnaire.from_json(asked.questionnaire)
    except TextRefused:
        return None
    if questionnaire.fingerprint != manifest.questionnaire_fingerprint or not holders:
        return None
    subjects = {
        unit: tuple(subject for subject in asked.subjects if subject.id in wanted)
        for unit, wanted in manifest.subjects.items()
    }
    gone = {
        unit: tuple(subject for subject in wanted if subject in asked.gone)
        for unit, wanted in manifest.subjects.items()
    }
    if any(
        len(subjects[unit]) + len(gone[unit]) != len(ids)
        for unit, ids in manifest.subjects.items()
    ):
        return None
    return OpenBox(
        survey_id=manifest.survey_id,
        title=asked.title,
        questionnaire=questionnaire,
        subjects=subjects,
        gone=gone,
        units={batch.batch_id: batch.unit for batch in manifest.batches},
        holders=holders,
        closes_on=manifest.closes_on,
        rules=manifest.ballot_rules,
        sealing_script=manifest.sealing_script,
        secrets=secrets,
    )
