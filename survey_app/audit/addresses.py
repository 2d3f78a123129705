"""Every address of the platform that can be loaded, with everything there is filled in.

Routes come from the application itself: a new one is audited without anybody thinking
of it. One whose gaps nobody here can fill is named, and the audit fails.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from survey_app.accounts.tables import Account
from survey_app.alerts.tables import AlertCase, Attachment, Objection
from survey_app.analytics.charts.plotly_script import drawing_version
from survey_app.analytics.kept.alerts import KeptAlert
from survey_app.analytics.papers.one_paper import (
    DECISION,
    EVERY_SHEET,
    NOTICE,
    SHEET,
    SUMMARY,
    VERIFICATION,
    WORKBOOK,
)
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.named_ratings import NamedRatingEntry
from survey_app.appraisal.people import Subject, Unit
from survey_app.appraisal.sheet_rows import KeptSheet
from survey_app.ballot.main_tables import BallotCount
from survey_app.ballot.paper.fragments import about_whole
from survey_app.domain.alerts.review import Act
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.jobs.tables import JobRow
from survey_app.rulebook.tables import RuleText
from survey_app.survey.paper_stacks import PaperStack
from survey_app.survey.responses import Comment, Receipt
from survey_app.survey.tables import Channel, Survey, SurveySubject
from survey_app.web.office.handbook import BOOKLETS
from survey_app.web.office.surveys.one_subject import FIGURES
from survey_app.web.office.surveys.pictures import PICTURES

Values = tuple[object, ...]
ACTS = {
    "review_act": (Act.BEGIN, Act.CHECK, Act.HEAR, Act.PLAN, Act.LIFT),
    "deciding_act": (Act.DECIDE, Act.CLOSE),
    "second_act": (Act.CONFIRM, Act.DECLINE),
}
"""Gap → the acts about an alert that can stand in it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What may stand together in the gaps of an address: names, and rows of values."""

    names: tuple[str, ...]
    rows: tuple[Values, ...]

    def of(self, asked: Sequence[str]) -> list[Values]:
        """Return the different values of some of these gaps, in the order asked."""
        places = [self.names.index(name) for name in asked]
        return list(dict.fromkeys(tuple(row[p] for p in places) for row in self.rows))


@dataclass(frozen=True, slots=True)
class Address:
    """One page or file."""

    endpoint: str
    path: str

    @property
    def is_office(self) -> bool:
        """Whether what is shown may depend on who is signed in."""
        return self.endpoint.startswith("office.")


@dataclass(frozen=True, slots=True)
class Addresses:
    """What an audit loads, and the routes it cannot."""

    found: tuple[Address, ...]
    not_built: tuple[str, ...]
    routes: int


def addresses_of(app: Flask, session: Session) -> Addresses:
    """Return every address below a route that answers GET."""
    known = list(_known(session))
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    filled = [(rule, _fillings(rule, known)) for rule in rules]
    urls = app.url_map.bind("localhost")
    found = dict.fromkeys(
        Address(rule.endpoint, urls.build(rule.endpoint, values))
        for rule, fillings in filled
        for values in fillings or ()
    )
    missing = sorted({rule.rule for rule, fills in filled if fills is None})
    return Addresses(tuple(found), tuple(missing), len(rules))


def _fillings(rule: Rule, known: Sequence[Known]) -> list[dict[str, object]] | None:
    """Return every way to fill the gaps of a route; None where that is not known."""
    gaps = tuple(sorted(rule.arguments))
    for one in known:
        if set(gaps) <= set(one.names):
            return [dict(zip(gaps, row, strict=True)) for row in one.of(gaps)]
    columns = [
        next((one.of([gap]) for one in known if gap in one.names), None) for gap in gaps
    ]
    if any(column is None for column in columns):
        return None
    rows = product(*(column for column in columns if column is not None))
    return [dict(zip(gaps, (value for (value,) in row), strict=True)) for row in rows]


def _known(session: Session) -> Iterator[Known]:
    """Yield what can stand in gaps: what stands alone before what belongs together."""
    yield from _alone(session)
    yield from _of_alerts(session)
    yield from _of_surveys(session)
    yield from _papers(session)
    ratings = select(NamedRatingEntry.cycle_id, NamedRatingEntry.id)
    yield Known(("cycle_id", "rating_id"), _rows(session, ratings))
    # A receipt tells that it was counted; one stands for all of them.
    receipts = session.scalars(select(Receipt.code).limit(1))
    yield Known(("receipt",), tuple((code.hex(),) for code in receipts))
    # Whoever has no secret of a screen is told nothing of the channel.
    codes = select(Channel.code).limit(1)
    yield Known(("screen",), _rows(session, codes))
    yield Known(("version",), ((drawing_version(),),))
    texts = select(RuleText.kind, RuleText.key)
    yield Known(("kind", "key"), _rows(session, texts))
    yield Known(("booklet",), tuple((one,) for one in BOOKLETS))
    # Flask sends these as they lie in their folder, whatever the databases hold.
    yield Known(("filename",), ())


def _alone(session: Session) -> Iterator[Known]:
    yield Known((), ((),))
    for name, column in (
        ("survey_id", Survey.id),
        ("subject_id", Subject.id),
        ("cycle_id", Cycle.id),
        ("unit_id", Unit.id),
        ("account_id", Account.id),
        ("channel_id", Channel.id),
        ("code", Channel.code),
        ("job_id", JobRow.id),
        ("alert_id", AlertCase.id),
        ("objection_id", Objection.id),
        ("rule_id", RuleText.id),
        ("stack_id", PaperStack.id),
    ):
        yield Known((name,), tuple((one,) for one in session.scalars(select(column))))


def _of_surveys(session: Session) -> Iterator[Known]:
    pairs = select(SurveySubject.survey_id, SurveySubject.subject_id)
    yield Known(("survey_id", "subject_id"), _rows(session, pairs))
    yield from _pictures(session)
    channels = select(Channel.survey_id, Channel.id)
    yield Known(("survey_id", "channel_id"), _rows(session, channels))
    texts = select(Comment.survey_id, Comment.subject_id, Comment.slot, Comment.id)
    yield Known(
        ("survey_id", "subject_id", "slot", "comment_id"),
        tuple(
            (survey, subject, slot, key.hex())
            for survey, subject, slot, key in session.execute(
                texts.where(Comment.subject_id > 0)
            )
        ),
    )
    yield Known(
        ("survey_id", "unit_id", "slot", "comment_id"),
        tuple(
            (survey, about_whole(about), slot, key.hex())
            for survey, about, slot, key in session.execute(
                texts.where(Comment.subject_id < 0)
            )
        ),
    )
    counts = select(BallotCount.survey_id, BallotCount.unit_id, BallotCount.batch_id)
    yield Known(("survey_id", "unit_id", "batch_id"), _rows(session, counts))


def _papers(session: Session) -> Iterator[Known]:
    """Yield files of a cycle, and papers, whose files say what their pages say."""
    whole = [
        (cycle, name)
        for cycle in session.scalars(select(Cycle.id))
        for name in (WORKBOOK, EVERY_SHEET, SUMMARY, NOTICE)
    ]
    sheets = select(KeptSheet.cycle_id, KeptSheet.subject_id)
    cases = select(AlertCase.cycle_id, AlertCase.id)
    numbered = [
        *((kind, row) for kind in (SHEET,) for row in session.execute(sheets)),
        *(
            (kind, row)
            for kind in (VERIFICATION, DECISION)
            for row in session.execute(cases)
        ),
    ]
    single = [(cycle, f"{kind}{number}") for kind, (cycle, number) in numbered]
    yield Known(("cycle_id", "paper"), (*whole, *single))


def _pictures(session: Session) -> Iterator[Known]:
    """Yield the pictures of a survey, and those of each of its subjects."""
    yield Known(("picture",), tuple((key,) for key in PICTURES))
    asked = session.execute(
        select(Survey.id, Survey.questionnaire, SurveySubject.subject_id).join(
            SurveySubject, SurveySubject.survey_id == Survey.id
        )
    )
    yield Known(
        ("survey_id", "subject_id", "figure"),
        tuple(
            (survey, subject, figure)
            for survey, questionnaire, subject in asked
            for figure in (
                *FIGURES,
                *(
                    f"answers-{q.key}"
                    for q in Questionnaire.from_json(questionnaire).questions
                ),
            )
        ),
    )


def _of_alerts(session: Session) -> Iterator[Known]:
    """Yield the files of alerts, and the acts that can be asked for about them."""
    files = select(Attachment.alert_id, Attachment.id)
    yield Known(("alert_id", "file_id"), _rows(session, files))
    kept = select(KeptAlert.survey_id, KeptAlert.subject_id, KeptAlert.number)
    yield Known(("survey_id", "subject_id", "number"), _rows(session, kept))
    alerts = session.scalars(select(AlertCase.id)).all()
    for name, acts in ACTS.items():
        rows = tuple((one, act.value) for one in alerts for act in acts)
        yield Known(("alert_id", name), rows)


def _rows(session: Session, query: object) -> tuple[Values, ...]:
    return tuple(tuple(row) for row in session.execute(query))  # type: ignore[call-overload]  # any selection of columns
