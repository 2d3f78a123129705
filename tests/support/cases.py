"""Alerts as cases for tests: a county that raised one, and people who act on it."""

from dataclasses import dataclass

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.alerts.doing import Acting
from survey_app.alerts.tables import AlertAct, AlertCase
from survey_app.analytics.kept.raised_cases import raise_cases
from survey_app.database import writing
from tests.support.secret_ballots import FIRST, SECOND, confirmed
from tests.support.small_county import MAY_1, County, small_county

POINTS = ("on_site", "talks", "documents", "departments")


@dataclass(frozen=True)
class Office:
    """One alert of a small county, and the session of whoever acts."""

    county: County
    db: Session
    alert_id: int

    @property
    def row(self) -> AlertCase:
        self.db.expire_all()
        return self.db.get_one(AlertCase, self.alert_id)

    def acting(self, account: str = FIRST, reason: str = "见第3号材料") -> Acting:
        return Acting(account, MAY_1, self.row.version, reason)

    @property
    def acts(self) -> list[AlertAct]:
        wanted = select(AlertAct).where(AlertAct.alert_id == self.alert_id)
        return list(self.db.scalars(wanted.order_by(AlertAct.number)))


def raise_in(county: County) -> None:
    """Raise what the county's survey found, as closing it would have."""
    with Session(writing(county.engine)) as session:
        raise_cases(session, county.survey_id, today=MAY_1)


def crossing_county(engine: Engine) -> County:
    """A county in which more than a third of the residents are dissatisfied."""
    county = small_county(engine)
    county.count("residents", good=20, bad=20)
    county.settle()
    raise_in(county)
    return county


def office_of(engine: Engine, db: Session) -> Office:
    """Return the alert about the first cadre, and two people who are two."""
    county = crossing_county(engine)
    confirmed(db, FIRST, SECOND)
    wanted = select(AlertCase.id).where(
        AlertCase.subject_id == county.subject_id,
        AlertCase.rater_group == "residents",
    )
    return Office(county, db, db.scalars(wanted).one())
