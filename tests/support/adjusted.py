"""A closed county in which bonuses and deductions are proposed, by two confirmed hands.

王一 is scored; the scheme lets at most 5 points of bonuses count.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.appraisal.adjustments import (
    GivenAdjustment,
    confirm_adjustment,
    propose_adjustment,
)
from survey_app.database import writing
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.domain.scoring.proposal import Proposal
from tests.support.grown import grown
from tests.support.secret_ballots import confirmed
from tests.support.small_county import BOTH_GROUPS, MAY_1, County, small_county

MAY_2 = date(2026, 5, 2)
FIRST, SECOND = "first", "second"
CAPPED = read_scheme(
    BOTH_GROUPS + "\n[adjustments]\nbonus_cap = { published = 5 }\n",
    file="capped.toml",
)


@grown
def adjusted_county(engine: Engine, *names: str) -> County:
    """Return the county with a score for 王一, and accounts that are two people."""
    county = small_county(engine, CAPPED)
    county.give(county.subject_id, achievements="90", direct="1")
    county.give(county.body_id, body="88")
    county.count("staff", good=20, bad=10)
    county.count("residents", good=30, bad=10)
    county.settle()
    if names:
        with Session(writing(engine)) as session:
            confirmed(session, *names)
    return county


def propose(county: County, points: str = "1.5", **other: Any) -> int:
    """Propose a bonus of 王一, and return its number."""
    asked: dict[str, Any] = {
        "subject_id": county.subject_id, "kind": "bonus", "points": points,
        "reason": "省级表彰", "source": "表彰文件7号", "origin": "form",
    }  # fmt: skip
    with Session(writing(county.engine)) as session:
        return propose_adjustment(
            session, county.cycle_id, Proposal(**(asked | other)),
            account=FIRST, today=MAY_1,
        )  # fmt: skip


def propose_many(county: County, count: int) -> None:
    """Let so many wait, each for a reason of its own, from 事由0 on."""
    with Session(writing(county.engine)) as session:
        session.add_all(
            GivenAdjustment(
                cycle_id=county.cycle_id,
                subject_id=county.subject_id,
                kind="deduction",
                points="0.1",
                reason=f"事由{number}",
                source="督查通报",
                entered_by=FIRST,
            )
            for number in range(count)
        )
        session.commit()


def confirm(county: County, number: int, account: str = SECOND) -> None:
    """Let it count."""
    with Session(writing(county.engine)) as session:
        confirm_adjustment(
            session, county.cycle_id, number, account=account, today=MAY_2
        )


def kept(county: County, *columns: str) -> Iterable[tuple[Any, ...]]:
    """Return these columns of every adjustment of the cycle, in its order."""
    with Session(county.engine) as session:
        rows = session.scalars(
            select(GivenAdjustment)
            .where(GivenAdjustment.cycle_id == county.cycle_id)
            .order_by(GivenAdjustment.id)
        )
        return [tuple(getattr(row, name) for name in columns) for row in rows]
