"""Surveys to answer, and somebody who answers them through the front door."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Subject, Unit
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.plain import plain_of
from survey_app.domain.ground.printed_code import channel_code
from survey_app.domain.questionnaire.ballot_rules import BallotRule
from survey_app.domain.questionnaire.questionnaire import (
    Choice,
    Question,
    Questionnaire,
)
from survey_app.domain.scheme.frozen_scheme import scheme_to_json
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.survey.open_channel import OpenChannel
from survey_app.survey.tables import OPEN, Channel, Survey
from tests.support.small_scheme import SMALL_SCHEME

LEVELS = tuple(
    Choice(key, Bilingual(zh, en))
    for key, zh, en in (
        ("good", "满意", "Satisfied"),
        ("bad", "不满意", "Dissatisfied"),
        ("dont_know", "不了解", "Don't know"),
    )
)
QUESTIONNAIRE = Questionnaire(
    key="two-questions",
    version=1,
    title=Bilingual("两道题", "Two questions"),
    introduction=Bilingual("请选择。", "Please choose."),
    source=Bilingual("测试自拟", "made up for tests"),
    questions=(
        Question("welcome", Bilingual("态度", "Welcome"), LEVELS),
        Question("solved", Bilingual("效果", "Result"), LEVELS),
    ),
)
GOOD = {"welcome": "good", "solved": "good"}
HALF = {"comment": "还在这里", "welcome": "bad"}
"""A form that is not complete, with something typed into it."""
_DAY = date(2026, 5, 1)
_NOWHERE = OpenChannel("", 0, 0, "", "", QUESTIONNAIRE, (), OPEN, _DAY, _DAY)


@dataclass(frozen=True)
class Asked:
    """A survey in the database and the code of its one channel."""

    code: str
    survey_id: int
    channel_id: int
    subject_ids: tuple[int, ...]
    key: str = "k" * 32

    def new_submission(self, state: str = OPEN) -> str:
        """Return an id as a page of this channel would carry it."""
        return replace(
            _NOWHERE, survey_id=self.survey_id, channel_id=self.channel_id,
            key=self.key.encode(), state=state,
        ).new_submission()  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What kind of survey; the day in tests is 1 May 2026."""

    key: str = "k" * 32
    """The settings' secret key, which signs the code."""
    units: Sequence[str] = ("青山镇",)
    state: str = OPEN
    opens_on: date = date(2026, 4, 20)
    closes_on: date = date(2026, 5, 31)
    questionnaire: Questionnaire = field(default=QUESTIONNAIRE)
    rules: tuple[BallotRule, ...] = ()


ALWAYS_OPEN = Plan(
    key="s" * 32, opens_on=date(2000, 1, 1), closes_on=date(2999, 12, 31)
)
"""For a real server: its clock is nobody's to set, and this is its key."""


def scheme_with(rules: Sequence[BallotRule]) -> str:
    """Return the text of the small scheme with these rules for "satisfaction"."""
    return _scheme_with(tuple(rules))


@cache
def _scheme_with(rules: tuple[BallotRule, ...]) -> str:
    scheme = json.loads(scheme_to_json(read_scheme(SMALL_SCHEME, file="small.toml")))
    survey = scheme["components"][1]["components"][1]["survey"]
    survey["ballot_rules"] = [plain_of(rule) for rule in rules]
    return json.dumps(scheme)


def ask_about(db: Session, plan: Plan | None = None) -> Asked:
    """Keep a survey; with one unit its channel names it, with several one chooses."""
    plan = plan or Plan()
    mark = secrets.token_hex(4)
    scheme = scheme_with(plan.rules)
    cycle = Cycle(name=mark, scheme_key="", scheme=scheme, scheme_fingerprint="")
    units = [Unit(code=f"{mark}-{name}", name=name) for name in plan.units]
    db.add_all([cycle, *units])
    db.flush()
    subjects = [Subject(kind="leading-body", unit_id=unit.id) for unit in units]
    survey = Survey(
        cycle_id=cycle.id,
        component_key="satisfaction",
        title="群众满意度调查",
        questionnaire=plan.questionnaire.to_json(),
        questionnaire_fingerprint=plan.questionnaire.fingerprint,
        opens_on=plan.opens_on,
        closes_on=plan.closes_on,
        state=plan.state,
        subjects=subjects,
    )
    db.add_all([*subjects, survey])
    db.flush()
    channel = Channel(
        survey_id=survey.id,
        code=channel_code(secrets.token_bytes(4), plan.key.encode()),
        rater_group="residents",
        place="",
        subject_id=subjects[0].id if len(subjects) == 1 else None,
    )
    db.add(channel)
    db.flush()
    subject_ids = tuple(subject.id for subject in subjects)
    asked = Asked(channel.code, survey.id, channel.id, subject_ids, plan.key)
    db.commit()
    return asked


@dataclass(frozen=True)
class Respondent:
    """Somebody with a phone in front of a code."""

    client: FlaskClient
    code: str

    def scan(self, look: str = "") -> "Shown":
        """Open the page behind the code."""
        return shown(self.client.get(f"/s/{self.code}{look}"))

    def send(self, answers: object, look: str = "") -> TestResponse:
        """Send a form: names and values as they are, nothing added."""
        return self.client.post(f"/s/{self.code}{look}", data=answers)

    def answer(self, **picks: str) -> TestResponse:
        """Scan and send: everything good unless picked otherwise."""
        page = self.scan()
        return self.send({**GOOD, "submission": page.submission, **picks})


@dataclass(frozen=True)
class Shown:
    """A page as a browser understands it."""

    tree: Element

    @property
    def submission(self) -> str:
        """The submission id in the form."""
        return self.named("submission")[0].get("value", "")

    @property
    def text(self) -> str:
        """Everything there is to read, in one line."""
        return " ".join("".join(self.tree.itertext()).split())

    @property
    def title(self) -> str:
        """What the browser's tab says."""
        return self.all("title")[0].text or ""

    @property
    def comment(self) -> str:
        """What stands in the comment box."""
        return self.all("textarea")[0].text or ""

    @property
    def picked(self) -> dict[str, str]:
        """Field → value of every radio button that is pressed."""
        return {
            radio.get("name", ""): radio.get("value", "")
            for radio in self.all("input")
            if radio.get("checked") is not None
        }

    @property
    def gaps(self) -> list[str]:
        """The fields whose group is marked and described by an error text."""
        return [
            group.get("id", "").removeprefix("f-")
            for group in self.all("fieldset")
            if self.described(group)
        ]

    def all(self, tag: str) -> list[Element]:
        """Return every element of a kind."""
        return list(self.tree.iter(tag))

    def named(self, name: str) -> list[Element]:
        """Return the form fields of this name."""
        return [field for field in self.tree.iter() if field.get("name") == name]

    def described(self, element: Element) -> str:
        """Return the text that describes an element to a screen reader."""
        ids = (element.get("aria-describedby") or "").split()
        found = [e for e in self.tree.iter() if e.get("id") in ids]
        return " ".join("".join(e.itertext()).strip() for e in found)


def shown(response: TestResponse) -> Shown:
    """Return the page of an answer; it must be valid HTML."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return Shown(parser.parse(response.get_data(as_text=True)))


def assert_still_there(page: Shown, submission: str, **picks: str) -> None:
    """Check that a page that came back lost nothing of HALF and these picks."""
    assert page.picked == {"welcome": "bad", **picks}
    assert page.comment.strip() == HALF["comment"]
    assert page.submission == submission
