"""Sheets of paper: typed twice, settled where two differ, counted whole and once."""

from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.accounts.change_password import change_password
from survey_app.accounts.make_account import confirm_owner, make_account
from survey_app.accounts.tables import Account
from survey_app.domain.counting.typed_twice import TypedSheet
from survey_app.domain.ground.account_refusals import SecondNotConfirmed
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.ground.refusals import PasswordStillGiven
from survey_app.survey.channels import Channels
from survey_app.survey.counters import TurnoutCount
from survey_app.survey.open_channel import OpenChannel
from survey_app.survey.responses import Comment, Receipt
from survey_app.survey.typed_stacks import LookedAt, type_sheet
from tests.support.office import bundle, desk
from tests.support.paper_desk import (
    BAD,
    GOOD,
    ONE,
    OTHER,
    PaperDesk,
    channel_of,
    copies,
    kept,
    new_stack,
    only_stack,
    paper_desk,
)
from tests.support.respondents import Asked, shown
from tests.support.secret_ballots import confirmed

MAY_1 = date(2026, 5, 1)
NOON = datetime.fromisoformat("2026-05-01T12:00")
OWN = "four plain words here"


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


class TestTypingTwice:
    """Two accounts, neither of which sees what the other typed."""

    def test_a_stack_two_typed_alike_is_counted_and_its_copies_are_gone(
        self, paper: PaperDesk, db: Session
    ) -> None:
        stack = paper.open_stack()
        paper.type_all(paper.one, stack, GOOD, BAD)
        assert (kept(db), copies(db)) == ([], 2), "half a stack counts nothing"

        last = paper.type_all(paper.other, stack, GOOD, BAD)

        assert last.location == f"/office{stack}"
        assert len(kept(db)) == 2
        assert len(set(kept(db))) == 2
        assert copies(db) == 0
        page = paper.designer.see(stack).text
        assert "2份 = 计入2份 + 无效0份" in page
        assert ONE in page
        assert OTHER in page
        assert db.scalars(select(TurnoutCount.count)).all() == [2]
        assert len(db.scalars(select(Receipt.code)).all()) == 2

    def test_the_same_account_does_not_type_it_twice(
        self, paper: PaperDesk, db: Session
    ) -> None:
        stack = paper.open_stack(1)
        paper.type_all(paper.one, stack, GOOD)

        assert paper.one.send(f"{stack}/type", sheet=1, **GOOD).status_code == 409
        assert paper.one.open(f"{stack}/type").location == f"/office{stack}"
        assert "现由另一人录入" in paper.one.see(stack).text
        assert kept(db) == []

    def test_two_accounts_that_may_be_one_person_do_not(
        self, db: Session, engine: Engine
    ) -> None:
        """Whoever made the other account may sit there, until somebody confirms it."""
        confirmed(db, ONE)
        given = make_account(db, OTHER, roles=bundle("typist"), by=ONE)
        number = db.scalars(select(Account.id).where(Account.username == OTHER)).one()
        asked = channel_of(db, ChannelKind.PAPER)
        channel = opened(engine, asked)
        stack_id = new_stack(db, channel)
        type_sheet(db, channel, stack_id, LookedAt(1, sheet(asked), ONE, MAY_1))
        second = LookedAt(1, sheet(asked), OTHER, MAY_1)

        with pytest.raises(PasswordStillGiven):
            type_sheet(db, channel, stack_id, second)
        change_password(db, number, current=given, new=OWN, now=NOON)
        with pytest.raises(SecondNotConfirmed):
            type_sheet(db, channel, stack_id, second)

        assert (kept(db), only_stack(db).second_by) == ([], None)
        confirm_owner(db, number)
        assert type_sheet(db, channel, stack_id, second)

    def test_the_second_one_sees_nothing_of_the_first(self, paper: PaperDesk) -> None:
        stack = paper.open_stack()
        paper.type_all(paper.one, stack, GOOD | {"comment": "窗口太少"}, BAD)

        seen = [paper.other.see(at) for at in (stack, f"{stack}/type")]

        assert all("窗口太少" not in page.text for page in seen)
        assert seen[1].named("q-welcome")[0].get("value") == ""
        assert paper.other.open(f"{stack}/settle?sheet=1").status_code == 409

    def test_a_third_account_types_nothing(
        self, app: Flask, db: Session, paper: PaperDesk
    ) -> None:
        third = desk(app, db, "typist", username="第三")
        confirmed(db, "第三")
        stack = paper.open_stack()
        paper.type_all(paper.one, stack, GOOD)
        paper.type_all(paper.other, stack, GOOD)

        assert third.open(f"{stack}/type").status_code == 409
        assert third.send(f"{stack}/type", sheet=1, **GOOD).status_code == 409

    def test_a_sheet_is_mended_until_the_own_look_is_whole(
        self, paper: PaperDesk, db: Session
    ) -> None:
        stack = paper.open_stack()
        paper.type_all(paper.one, stack, BAD)
        paper.type_all(paper.one, stack, GOOD, GOOD)
        assert paper.one.send(f"{stack}/type", sheet=1, **BAD).status_code == 409

        paper.type_all(paper.other, stack, GOOD, GOOD)

        assert len(kept(db)) == 2
        assert len(set(kept(db))) == 1

    def test_no_sheet_is_left_out_or_typed_beyond_the_cover(
        self, paper: PaperDesk
    ) -> None:
        stack = paper.open_stack(2)

        for position in (0, 2, 3, -1):
            sent = paper.one.send(f"{stack}/type", sheet=position, **GOOD)
            assert sent.status_code == 409, position
            if position > 1:
                page = paper.one.open(f"{stack}/type?sheet={position}")
                assert page.status_code == 409


class TestSettling:
    """A third look at the sheet decides, and who looked is kept."""

    def differing(self, paper: PaperDesk) -> str:
        stack = paper.open_stack()
        paper.type_all(paper.one, stack, GOOD, GOOD)
        paper.type_all(paper.other, stack, GOOD, GOOD | {"q-solved": "2"})
        return stack

    def test_the_difference_is_shown_and_settled_and_the_stack_counts(
        self, paper: PaperDesk, db: Session
    ) -> None:
        stack = self.differing(paper)
        assert kept(db) == []
        page = paper.one.see(stack).text
        assert "效果" in page
        assert "不满意" in page
        assert "态度" not in page, "where two agree nothing is shown"

        sent = paper.other.send(f"{stack}/settle", sheet=2, take="second")

        assert sent.status_code == 303
        assert len(set(kept(db))) == 2
        assert copies(db) == 0
        assert only_stack(db).settled_by == OTHER
        again = paper.other.send(f"{stack}/settle", sheet=2, take="first")
        assert again.status_code == 409
        assert len(kept(db)) == 2

    def test_neither_may_be_right(self, paper: PaperDesk, db: Session) -> None:
        stack = self.differing(paper)
        anew = f"{stack}/settle?sheet=2&anew=1"
        assert paper.designer.see(anew).named("q-solved")

        gap = paper.designer.send(f"{stack}/settle", sheet=2, **{"q-welcome": "1"})
        assert gap.status_code == 422
        sent = paper.designer.send(f"{stack}/settle", sheet=2, **BAD)

        assert sent.status_code == 303
        assert len(set(kept(db))) == 2
        assert only_stack(db).settled_by == "the designer"

    def test_only_where_two_differ(self, paper: PaperDesk) -> None:
        stack = self.differing(paper)

        assert (
            paper.one.send(f"{stack}/settle", sheet=1, take="first").status_code == 409
        )

    def test_words_agree_where_letters_do(self, paper: PaperDesk, db: Session) -> None:
        stack = paper.open_stack(1)
        said = GOOD | {"comment": "窗口太少，请增加。"}
        paper.type_all(paper.one, stack, said)
        paper.type_all(paper.other, stack, said | {"comment": "窗口太少 请增加"})

        assert db.scalars(select(Comment.text)).all() == ["窗口太少，请增加。"]


class TestInvalidSheets:
    """What is no answer is counted as such: the cover is what became of it."""

    def test_sheets_are_counted_plus_invalid(
        self, paper: PaperDesk, db: Session
    ) -> None:
        stack = paper.open_stack(3)
        sheets = (GOOD, {"invalid": "twice"}, {"invalid": "illegible"} | GOOD)
        paper.type_all(paper.one, stack, *sheets)
        paper.type_all(paper.other, stack, *sheets)

        ended = only_stack(db)
        assert (ended.sheets, ended.counted, ended.invalid) == (3, 1, 2)
        assert len(kept(db)) == 1
        page = paper.designer.see(f"{paper.at}/stacks").text
        assert "计入1份，无效2份" in page

    @pytest.mark.parametrize(
        "typed",
        [
            {"q-welcome": "1"},
            {"q-welcome": "1", "q-solved": "0"},
            {"q-welcome": "1", "q-solved": "x"},
            {"q-welcome": "1", "q-solved": "4"},
            {"q-welcome": "1", "q-solved": "12"},
            {"q-welcome": "1", "q-solved": "好"},
            {"q-welcome": "1", "q-solved": "-1"},
            {"q-welcome": "1", "q-solved": "1", "subject": "999999"},
            {"invalid": "whatever"},
            {},
        ],
    )
    def test_what_is_no_answer_is_not_kept_as_one(
        self, paper: PaperDesk, db: Session, typed: dict[str, str]
    ) -> None:
        stack = paper.open_stack(1)

        sent = paper.one.send(f"{stack}/type", sheet=1, **typed)

        assert sent.status_code == 422
        assert copies(db) == 0

    @pytest.mark.parametrize("typed", ["", "0", "x", "X", "ｘ", "０"])
    def test_whoever_types_that_nothing_is_ticked_is_told_that_something_must(
        self, paper: PaperDesk, typed: str
    ) -> None:
        stack = paper.open_stack(1)
        fields = {"q-welcome": "1", "q-solved": typed}

        sent = paper.one.send(f"{stack}/type", sheet=1, **fields)

        assert "此处未作选择，但必须作答。" in shown(sent).text

    def test_figures_of_every_keyboard_are_read(
        self, paper: PaperDesk, db: Session
    ) -> None:
        stack = paper.open_stack(1)
        wide = {"q-welcome": "１", "q-solved": " 2 "}
        paper.type_all(paper.one, stack, wide)
        paper.type_all(paper.other, stack, {"q-welcome": "1", "q-solved": "2"})

        assert len(kept(db)) == 1
