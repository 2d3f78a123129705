"""Stacks as the office opens them, what is kept of them, and sheets to print."""

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from survey_app.accounts.tables import RecordEntry
from survey_app.domain.counting.typed_twice import TypedSheet
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.survey.channels import Channels
from survey_app.survey.open_channel import OpenChannel
from survey_app.survey.responses import Response
from survey_app.survey.tables import OPEN, Survey
from survey_app.survey.typed_stacks import LookedAt, type_sheet
from tests.support.office import desk
from tests.support.paper_desk import (
    BAD,
    GOOD,
    ONE,
    OTHER,
    PaperDesk,
    channel_of,
    copies,
    new_stack,
    only_stack,
    paper_desk,
)
from tests.support.respondents import Asked, Plan
from tests.support.secret_ballots import confirmed
from tests.support.tongues import MARKS, in_tongues

MAY_1 = date(2026, 5, 1)


@pytest.fixture
def paper(app: Flask, db: Session) -> PaperDesk:
    return paper_desk(app, db)


def opened(engine: Engine, asked: Asked) -> OpenChannel:
    """Return the channel as verbs take it."""
    return Channels(engine, asked.key.encode()).find(asked.code)


def sheet(asked: Asked, pick: str = "good") -> TypedSheet:
    """Return a sheet with both questions answered so."""
    picks = (("welcome", pick), ("solved", pick))
    return TypedSheet("", asked.subject_ids[0], picks)


class TestStacks:
    """Opened, thrown away, and what is kept of them."""

    def test_thrown_away_nothing_of_it_counts(
        self, paper: PaperDesk, db: Session
    ) -> None:
        stack = paper.open_stack(1)
        paper.type_all(paper.one, stack, GOOD)

        assert paper.designer.send(f"{stack}/throw-away").status_code == 422
        thrown = paper.designer.send(f"{stack}/throw-away", reason="封面份数有误")

        assert thrown.status_code == 303
        assert copies(db) == 0
        assert "封面份数有误" in paper.designer.see(stack).text
        assert paper.other.send(f"{stack}/type", sheet=1, **GOOD).status_code == 409
        assert (
            paper.designer.send(f"{stack}/throw-away", reason="又").status_code == 409
        )

    @pytest.mark.parametrize("sheets", ["0", "501", "-1", "", "多"])
    def test_a_stack_has_some_sheets(self, paper: PaperDesk, sheets: str) -> None:
        sent = paper.designer.send(f"{paper.at}/stacks", name="一", sheets=sheets)

        assert sent.status_code == 422

    def test_there_are_none_where_nobody_answers_on_paper(
        self, app: Flask, db: Session
    ) -> None:
        asked = channel_of(db, ChannelKind.POSTER)
        designer = desk(app, db, "designer")
        at = f"/channels/{asked.channel_id}"

        assert designer.open(f"{at}/stacks").status_code == 409
        assert designer.open(f"{at}/sheet").status_code == 409
        assert designer.send(f"{at}/stacks", name="一", sheets=1).status_code == 409

    def test_the_record_says_who_typed_a_stack_and_nothing_of_a_sheet(
        self, paper: PaperDesk, db: Session
    ) -> None:
        stack = paper.open_stack()
        paper.type_all(paper.one, stack, GOOD, BAD)
        paper.type_all(paper.other, stack, GOOD, BAD)
        db.rollback()

        about = [
            (one.act, one.account, one.about)
            for one in db.scalars(select(RecordEntry).order_by(RecordEntry.number))
            if "stack" in one.act
        ]
        number = only_stack(db).id
        place = (
            f"survey:{paper.asked.survey_id} channel:{paper.asked.channel_id}"
            f" stack:{number}"
        )
        assert about[1:] == [
            ("type_stack", ONE, place),
            ("type_stack", OTHER, place),
            ("count_stack", OTHER, place),
        ]

    def test_no_column_leads_from_an_answer_to_a_stack(self, engine: Engine) -> None:
        of_answers = {
            column["name"]
            for table in ("response", "receipt", "comment")
            for column in inspect(engine).get_columns(table)
        }
        assert not [name for name in of_answers if "stack" in name or "typed" in name]
        stack = {one["name"] for one in inspect(engine).get_columns("paper_stack")}
        assert not stack & {"receipt", "response_id", "secret"}

    def test_answers_of_a_stack_lie_in_no_order_of_the_sheets(
        self, db: Session, engine: Engine
    ) -> None:
        """Keys are random: sorted by them, sheets are not as they were typed."""
        confirmed(db, ONE, OTHER)
        asked = channel_of(db, ChannelKind.PAPER)
        channel = opened(engine, asked)
        sheets = [sheet(asked, "good")] * 20 + [sheet(asked, "bad")] * 20
        stack_id = new_stack(db, channel, 40)
        for account in (ONE, OTHER):
            for position, one in enumerate(sheets, 1):
                type_sheet(
                    db, channel, stack_id, LookedAt(position, one, account, MAY_1)
                )

        written = db.scalars(select(Response.answers).order_by(Response.id)).all()
        assert len(written) == 40
        assert written != sorted(written)
        assert written != sorted(written, reverse=True)

    def test_typists_find_their_work_and_no_result(
        self, paper: PaperDesk, db: Session
    ) -> None:
        paper.open_stack()

        assert "群众满意度调查" in paper.one.see("/typing").text
        assert paper.one.open(f"/surveys/{paper.asked.survey_id}").status_code == 403
        assert db.get_one(Survey, paper.asked.survey_id).state == OPEN


class TestSheets:
    """The questionnaire on paper."""

    def test_it_asks_the_same_and_bears_no_number(self, paper: PaperDesk) -> None:
        page = paper.designer.see(f"{paper.at}/sheet").text
        english = paper.designer.see(f"{paper.at}/sheet?lang=en&size=large").text

        for word in ("态度", "效果", "满意", "不满意", "青山镇", "请勿在问卷上写姓名"):
            assert word in page
        assert "Welcome" in english
        assert paper.asked.code not in page

    def test_where_to_put_it_stands_on_it_as_it_was_written(
        self, paper: PaperDesk
    ) -> None:
        page = paper.designer.open(f"{paper.at}/sheet?drop=<b>一楼大厅")

        assert "&lt;b&gt;一楼大厅" in page.text

    @pytest.mark.parametrize("tag", sorted(MARKS))
    def test_it_is_in_another_language_wholly(
        self, app: Flask, db: Session, tag: str
    ) -> None:
        paper = paper_desk(app, db, Plan(questionnaire=in_tongues()))
        page = paper.designer.see(f"{paper.at}/sheet?lang={tag}")

        (article,) = page.all("article")
        said = " ".join("".join(article.itertext()).split())
        for name in ("青山镇", app.jinja_env.globals["place_name"]):
            said = said.replace(str(name), "")
        assert article.get("lang") == tag
        assert (article.get("dir") == "rtl") == (tag == "ug")
        assert not re.search(r"[A-Za-z\u4e00-\u9fff]", said), said
