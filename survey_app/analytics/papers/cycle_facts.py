"""What every paper says of its cycle: rules, surveys, and where the record stood."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.accounts.record import newest
from survey_app.alerts.tables import AlertCase
from survey_app.analytics.kept.alert_list import (
    AlertsAsked,
    ListedAlert,
    alert_list,
    chosen,
    listed,
    not_as_kept,
)
from survey_app.analytics.kept.alerts import CROSSED, PARTS, KeptAlert
from survey_app.analytics.paging import ListAsked, ListPage
from survey_app.analytics.score_evidence import ground_of
from survey_app.appraisal.cycle import Cycle
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.scheme import Scheme
from survey_app.survey.settled_plan import plan_heads
from survey_app.survey.tables import PublicationPlan, Survey
from survey_app.survey.take_out import TakenOut, taken_out_in

LONG_AGO = date(2000, 1, 1)
"""The day of a file in which nothing has a day."""


@dataclass(frozen=True, slots=True)
class PaperSeal:
    """What every paper carries: the rules' fingerprint, the record's newest entry."""

    scheme: str
    entry: int
    """Number of that entry; 0: nothing has been recorded yet."""
    digest: str
    """Its hash, in hex."""

    def lines(self, _: Callable[[str], str]) -> Iterator[tuple[str, str]]:
        """Yield what of it has not been said beside the scheme."""
        if self.entry:
            yield (
                _("Newest entry of the record when this was made"),
                f"{self.entry} · {self.digest}",
            )


@dataclass(frozen=True, slots=True)
class CycleFacts:
    """What is said of a cycle on the first sheet of its workbook."""

    cycle_id: int
    name: str
    scheme: Scheme
    settled_on: date | None
    made_on: date
    """The day of the newest thing it tells; a file does not know the clock."""
    surveys: Sequence["SurveyFacts"]
    questionnaires: Mapping[str, Questionnaire]
    """Those that were asked, by key."""
    floor: int | None
    """The fewest people of a rater group that is shown, in the strictest survey."""
    seal: PaperSeal
    taken_out: tuple[TakenOut, ...] = ()
    """Who was taken out of a survey of it while that ran."""


@dataclass(frozen=True, slots=True)
class SurveyFacts:
    """One survey of the cycle whose counts are final."""

    title: str
    opens_on: date
    closes_on: date
    questionnaire_fingerprint: str
    plan_fingerprint: str


def facts_of(session: Session, cycle: Cycle) -> CycleFacts:
    """Return what papers say of the cycle itself."""
    ground = ground_of(session, cycle, cycle.rules)
    heads = plan_heads(session, [one.id for one in ground.surveys])
    plans = select(PublicationPlan.survey_id, PublicationPlan.fingerprint).where(
        PublicationPlan.survey_id.in_([one.id for one in ground.surveys])
    )
    frozen = {survey: text for survey, text in session.execute(plans)}  # noqa: C416 -- typed
    days = [one.closes_on for one in ground.surveys]
    return CycleFacts(
        cycle_id=cycle.id,
        name=cycle.name,
        scheme=cycle.rules,
        settled_on=cycle.settled_on,
        made_on=cycle.settled_on or max(days, default=LONG_AGO),
        surveys=[_survey(one, frozen) for one in ground.surveys],
        questionnaires=ground.questionnaires,
        floor=max((head.floors.office for head in heads.values()), default=None),
        seal=PaperSeal(cycle.scheme_fingerprint, *newest(session)),
        taken_out=taken_out_in(session, cycle.id),
    )


def _survey(survey: Survey, frozen: dict[int, str]) -> SurveyFacts:
    return SurveyFacts(
        survey.title,
        survey.opens_on,
        survey.closes_on,
        survey.questionnaire_fingerprint,
        frozen.get(survey.id, ""),
    )


def alerts_of_cycle(
    session: Session, cycle_id: int, parts: Sequence[str] = PARTS
) -> Iterator[ListedAlert]:
    """Yield the kept alerts of a cycle's surveys that may be shown, page by page."""
    for part in parts:
        number, pages = 1, 1
        while number <= pages:
            page = alerts_page(session, cycle_id, part, number)
            yield from page.rows
            session.commit()
            number, pages = number + 1, page.pages


def alerts_page(
    session: Session, cycle_id: int, part: str, number: int = 1
) -> ListPage[ListedAlert]:
    """Return one page of the kept alerts of a cycle's surveys that may be shown."""
    asked = AlertsAsked({part: ListAsked(page=number)}, cycle_id)
    return alert_list(session, asked, today=date.max).parts[part]


def alerts_about(
    session: Session, cycle_id: int, subject_ids: Collection[int]
) -> list[ListedAlert]:
    """Return the alerts of a cycle about some subjects that crossed and may be shown.

    At the cost of these subjects: by their keys.
    """
    about = chosen(CROSSED, (), is_all=True).where(
        Survey.cycle_id == cycle_id, KeptAlert.subject_id.in_(subject_ids)
    )
    order = KeptAlert.place, KeptAlert.survey_id, KeptAlert.subject_id, KeptAlert.number
    rows = session.execute(about.order_by(*order)).all()
    changed, differing = not_as_kept(session, rows)
    return [listed(row) for row in rows if row.survey_id not in changed | differing]


Place = tuple[int, int, str, str, str]
"""Survey, subject, rule, question and rater group of an alert."""


def states_of_alerts(session: Session, cycle_id: int) -> dict[Place, str]:
    """Return where the newest round of every alert of a cycle stands, as its word."""
    rows = session.scalars(
        select(AlertCase).where(AlertCase.cycle_id == cycle_id).order_by(AlertCase.id)
    )
    return {_place_of(one): one.outcome or one.state for one in rows}


def _place_of(one: AlertCase) -> Place:
    where = one.rule_key, one.question_key, one.rater_group
    return one.survey_id, one.subject_id, *where
