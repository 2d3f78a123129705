"""What the demo's office has done by now about the alerts of its opened ballot.

Three alerts, each at another place of its way: one waits for its re-check, one is being
looked into, the others were only raised.
"""

from collections.abc import Callable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.alerts.acts import (
    begin_verification,
    confirm,
    decide,
    note_check,
    plan_follow_up,
    record_hearing,
)
from survey_app.alerts.doing import Acting
from survey_app.alerts.tables import AlertCase
from survey_app.analytics.kept.closing import STEPS, raising
from survey_app.appraisal.cycle import Cycle
from survey_app.domain.scheme.review_rules import Measure
from survey_app.domain.scheme.scheme import POOLED
from survey_app.jobs.jobs import untold

CHECKED = {
    "on_site": "到镇政府服务大厅和两个村实地查看，台账齐全，答复群众来访偏慢。",
    "talks": "与班子成员和干部职工共12人个别谈话，多数认为分工不清、两头跑。",
    "documents": "查阅分工文件、督查通报和信访登记，反映事项与测评意见相符。",
    "departments": "征求纪检、信访部门意见，未发现违纪线索。",
}
"""Point of the checklist → what was found."""
HEARD = "本人表示认可反映的问题，说明分工调整后衔接不够，愿意限期改进。"
DECIDED = "经核实，作风和分工问题属实，未见违纪，提醒谈话并限期改进。"
AGREED = "同意。"
PLANNED = "半年后用同一问卷、同样的测评主体复评。"


def review_alerts(
    session: Session, survey_id: int, *, officials: tuple[str, str], today: date
) -> None:
    """Keep what closing keeps of a ballot, raise its alerts, and act on two of them."""
    for step in (*STEPS, raising(today)):
        step(session, survey_id, untold, None)
    raised = select(AlertCase.id).where(AlertCase.survey_id == survey_id)
    together = AlertCase.rater_group != POOLED  # all raters' own alert comes first
    numbers = session.scalars(raised.order_by(together, AlertCase.id)).all()
    session.commit()
    for number, play in zip(numbers, (_follow, _look_into), strict=False):
        play(session, number, officials, today)


def _look_into(
    session: Session, number: int, officials: tuple[str, str], today: date
) -> None:
    """Take it up, and note half of the checklist."""
    does = _hand(session, number, officials[0], today)
    begin_verification(session, number, does("预警在案，开始核实研判。"))
    for point in ("on_site", "talks"):
        note_check(session, number, does(CHECKED[point]), point=point)


def _follow(
    session: Session, number: int, officials: tuple[str, str], today: date
) -> None:
    """Look into all of it, hear him, remind him, and plan when to look again."""
    first, second = officials
    does = _hand(session, number, first, today)
    begin_verification(session, number, does("预警在案，开始核实研判。"))
    for point, found in CHECKED.items():
        note_check(session, number, does(found), point=point)
    record_hearing(session, number, does(HEARD))
    decide(session, number, does(DECIDED), measure=Measure.REMINDER)
    confirm(session, number, _hand(session, number, second, today)(AGREED))
    case = session.get_one(AlertCase, number)
    rules = session.get_one(Cycle, case.cycle_id).rules.review
    plan_follow_up(session, number, does(PLANNED), on=rules.follow_up_on(today))


def _hand(
    session: Session, number: int, account: str, today: date
) -> Callable[[str], Acting]:
    """Return what makes an act of this account, on the alert as it stands then."""

    def does(reason: str) -> Acting:
        seen = session.get_one(AlertCase, number, populate_existing=True).version
        return Acting(account, today, seen, reason)

    return does
