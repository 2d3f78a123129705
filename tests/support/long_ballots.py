"""Secret ballots of so many units, at every step, written in bulk."""

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Subject
from survey_app.ballot.paper.manifest import ManifestBatch, posted
from survey_app.ballot.tables import BallotBox, Batch
from survey_app.database import writing
from survey_app.domain.scheme.frozen_scheme import scheme_to_json
from survey_app.survey.tables import (
    CLOSED,
    DRAFT,
    OPEN,
    SECRET_BALLOT,
    Survey,
)
from tests.support.long_lists import people_of, survey_of
from tests.support.printed_slips import usual_manifest
from tests.support.small_county import SCHEME

GROUPS = ("staff", "residents")
DAY = date(2026, 4, 2)
LATER = date(2026, 4, 3)


@dataclass(frozen=True)
class LongBallots:
    """Secret ballots about as many units: the numbers that addresses need."""

    draft: int
    voting: int
    closed: int


def long_ballots(main: Engine, ballots: Engine, units: int, mark: str) -> LongBallots:
    """Write so many cadres, one to a unit, and a ballot of each state about them."""
    with Session(writing(main)) as session:
        subjects = people_of(session, units, mark)
        cycle = Cycle(
            name=f"{mark} ballots",
            scheme_key=SCHEME.key,
            scheme=scheme_to_json(SCHEME),
            scheme_fingerprint=SCHEME.fingerprint,
            frozen=True,
        )
        session.add(cycle)
        session.flush()
        made = []
        for state in (DRAFT, OPEN, CLOSED):
            survey_id = survey_of(session, cycle.id, mark, state, subjects, 1)
            session.get_one(Survey, survey_id).mode = SECRET_BALLOT
            made.append(survey_id)
        of_units = select(Subject.unit_id).where(Subject.id.in_(subjects))
        numbers = list(session.scalars(of_units.distinct()))
        session.commit()
    for survey_id, state in zip(made, ("issuing", "open", "closed"), strict=True):
        _box(ballots, survey_id, state, numbers)
    return LongBallots(*made)


def _box(ballots: Engine, survey_id: int, state: str, units: list[int]) -> None:
    """Write a box with two batches of every unit; of a draft, half of them."""
    groups = GROUPS[:1] if state == "issuing" else GROUPS
    batches: list[dict[str, Any]] = [
        {"id": secrets.token_hex(16), "survey_id": survey_id, "unit_id": unit,
         "rater_group": group, "eligible": 9, "issued": 11, "state": "issued",
         "requested_by": "zhang", "issued_by": "li"}
        for unit in units[:: 2 if state == "issuing" else 1]
        for group in groups
    ]  # fmt: skip
    posted_as = usual_manifest(
        survey_id=survey_id, title="", questionnaire_fingerprint="", groups=GROUPS,
        subjects={unit: (unit,) for unit in units}, signing_key="00" * 32,
        batches=tuple(
            ManifestBatch(one["id"], one["unit_id"], one["rater_group"], 9, 11, "")
            for one in batches
        ),
    )  # fmt: skip
    paper = "" if state == "issuing" else posted(posted_as.to_json(), "00")
    with Session(writing(ballots)) as session, session.begin():
        box = BallotBox(
            survey_id=survey_id, state=state, opens_on=DAY, closes_on=DAY,
            manifest=paper, closing="{}" if state == "closed" else "",
        )  # fmt: skip
        session.add(box)
        session.execute(insert(Batch), batches)


def posted_in_bulk(ballots: Engine, many: int) -> None:
    """Write so many closed boxes that no survey belongs to, newest of all."""
    rows = [
        {"survey_id": 1_000_000 + number, "state": "closed", "opens_on": LATER,
         "closes_on": LATER, "manifest": "{}"}
        for number in range(many)
    ]  # fmt: skip
    with writing(ballots).begin() as connection:
        connection.execute(insert(BallotBox), rows)
