"""Known people get slips, slips are made once, and a channel can be stopped."""

import csv
import io
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.ground.door_refusals import NoSlipsHere, OpenCodeUnexplained
from survey_app.domain.ground.missing import Lack
from survey_app.domain.ground.refusals import NotReadyToOpen, SurveyClosed
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.parts import WayIn, add_channel, add_channels, add_subjects
from survey_app.survey.responses import Response
from survey_app.survey.slips import give_out_slips
from survey_app.survey.tables import Channel, Survey
from tests.support.drafts import KEY, POSTER, draft
from tests.support.office import ORGANIZER, desk
from tests.support.respondents import (
    GOOD,
    Asked,
    Plan,
    Respondent,
    ask_about,
)

MAY_1 = date(2026, 5, 1)
TWO_UNITS = Plan(units=("清河镇", "柳林镇"))


def let_in(db: Session, asked: Asked, kind: ChannelKind) -> None:
    """Let the one channel be of this kind."""
    db.execute(update(Channel).values(kind=kind).where(Channel.id == asked.channel_id))
    db.commit()


def slips_of(db: Session, asked: Asked, number: int = 3) -> list[str]:
    """Return slips of a channel that needs them from now on."""
    let_in(db, asked, ChannelKind.SLIPS)
    key = asked.key.encode()
    return give_out_slips(db, asked.channel_id, number=number, key=key)


def filled(holder: Respondent, **picks: str) -> dict[str, str]:
    """Return the form of a freshly scanned page, everything good."""
    return {**GOOD, "submission": holder.scan().submission, **picks}


def answers(db: Session) -> int:
    """Return how many answers are kept."""
    db.rollback()  # sees what others wrote, and stands in nobody's way
    number = db.scalar(select(func.count()).select_from(Response)) or 0
    db.rollback()
    return number


class TestKnownPeople:
    """Whom a scheme knows gets slips, unless somebody says why not."""

    def test_known_people_get_slips_and_others_a_poster(self, db: Session) -> None:
        made = draft(db)
        add_subjects(db, made.survey_id, subject_ids=made.subject_ids)
        add_channels(db, made.survey_id, key=KEY)

        kinds = set(db.execute(select(Channel.rater_group, Channel.kind)).all())
        assert set(map(tuple, kinds)) == {("staff", "slips"), ("residents", "poster")}
        assert db.get_one(Survey, made.survey_id).known_groups == {"staff"}

    @pytest.mark.parametrize("kind", [kind for kind in ChannelKind if kind.is_open])
    def test_an_open_code_for_them_needs_a_reason(
        self, db: Session, kind: ChannelKind
    ) -> None:
        made = draft(db)
        staff = {"rater_group": "staff", "key": KEY}
        with pytest.raises(OpenCodeUnexplained):
            add_channel(db, made.survey_id, **staff, way=WayIn(kind))  # type: ignore[arg-type]
        kept = add_channel(db, made.survey_id, **staff, way=WayIn(kind, "没有名册"))  # type: ignore[arg-type]

        assert (kept.kind, kept.open_reason) == (kind, "没有名册")

    def test_a_draft_of_before_says_why_or_does_not_open(self, db: Session) -> None:
        made = draft(db)
        add_subjects(db, made.survey_id, subject_ids=made.subject_ids)
        add_channels(db, made.survey_id, key=KEY)
        db.execute(update(Channel).values(kind=ChannelKind.POSTER))
        db.commit()

        with pytest.raises(NotReadyToOpen) as refused:
            open_survey(db, made.survey_id, today=MAY_1)

        told = [(one.lack, one.of) for one in refused.value.missing]
        assert told == [(Lack.OPEN_CODE, "staff")]

    def test_the_form_asks_for_the_reason(self, app: Flask, db: Session) -> None:
        made = draft(db)
        organizer = desk(app, db, ORGANIZER)
        sent = {"rater_group": "staff", "kind": "poster", "subject": "", "place": ""}
        at = f"/surveys/{made.survey_id}/channels"

        assert organizer.send(at, **sent).status_code == 422
        assert organizer.send(at, **sent, open_reason="没有名册").status_code == 303
        assert db.scalars(select(Channel.open_reason)).one() == "没有名册"
        db.rollback()
        assert organizer.send(at, **sent | {"kind": "usual"}).status_code == 303
        newest = select(Channel.kind).order_by(Channel.id.desc())
        assert db.scalars(newest).first() == "slips"


class TestMakingSlips:
    """They are made once, counted, and kept nowhere."""

    def test_sheets_and_files_hold_codes_that_work(
        self, app: Flask, client: FlaskClient, db: Session
    ) -> None:
        asked = ask_about(db)
        let_in(db, asked, ChannelKind.SLIPS)
        organizer = desk(app, db, ORGANIZER)
        sheet = organizer.send(f"/channels/{asked.channel_id}/slips", number="12")
        file = organizer.send(f"/channels/{asked.channel_id}/invitations", number="5")

        printed = set(re.findall(r"/[sS]/([0-9A-Z]{28})", sheet.get_data(as_text=True)))
        lines = list(csv.reader(io.StringIO(file.get_data(as_text=True)[1:])))[1:]
        sent = {address.rpartition("/")[2] for address, _ in lines}
        assert (len(printed), len(sent)) == (12, 5)
        for code in (*printed, *sent):
            assert client.get(f"/s/{code}").status_code == 200
        assert sheet.headers["Cache-Control"] == "no-store"
        db.expire_all()
        assert db.get_one(Channel, asked.channel_id).codes_out == 17

    @pytest.mark.parametrize("number", ["", "0", "-3", "2001", "viele", "1.5"])
    def test_a_wrong_number_makes_none(
        self, app: Flask, db: Session, number: str
    ) -> None:
        asked = ask_about(db)
        let_in(db, asked, ChannelKind.SLIPS)
        page = desk(app, db, ORGANIZER).send(
            f"/channels/{asked.channel_id}/slips", number=number
        )

        assert page.status_code == 422
        db.expire_all()
        assert db.get_one(Channel, asked.channel_id).codes_out == 0

    def test_none_are_made_for_a_poster_or_after_the_end(self, db: Session) -> None:
        asked = ask_about(db)
        with pytest.raises(NoSlipsHere):
            give_out_slips(db, asked.channel_id, number=1, key=KEY)
        let_in(db, asked, ChannelKind.SLIPS)
        db.execute(update(Survey).values(state="closed"))
        db.commit()

        with pytest.raises(SurveyClosed):
            give_out_slips(db, asked.channel_id, number=1, key=KEY)


class TestStopping:
    """One account stops a channel at once; what came before stays."""

    def test_a_stopped_channel_takes_nothing_and_goes_on_when_resumed(
        self, app: Flask, client: FlaskClient, db: Session
    ) -> None:
        asked = ask_about(db)
        visitor = Respondent(client, asked.code)
        form = filled(visitor)
        late = filled(visitor)
        assert visitor.send(form).status_code == 303
        organizer, at = desk(app, db, ORGANIZER), f"/channels/{asked.channel_id}"
        assert organizer.send(f"{at}/stop", reason="").status_code == 422
        assert organizer.send(f"{at}/stop", reason="有人刷票").status_code == 303
        app.extensions["survey_respondent"].channels.forget()

        assert client.get(f"/s/{asked.code}").status_code == 410
        assert visitor.send(late).status_code == 410
        assert answers(db) == 1
        assert "有人刷票" in organizer.see(f"/surveys/{asked.survey_id}").text
        assert organizer.send(f"{at}/resume", reason="已查清").status_code == 303
        app.extensions["survey_respondent"].channels.forget()
        assert visitor.send(late).status_code == 303

    def test_a_poster_of_a_channel_with_slips_is_not_printed(
        self, app: Flask, db: Session
    ) -> None:
        made = draft(db)
        organizer = desk(app, db, ORGANIZER)
        slips = add_channel(db, made.survey_id, rater_group="staff", key=KEY)
        add_channel(db, made.survey_id, rater_group="residents", way=POSTER, key=KEY)
        page = organizer.open(f"/surveys/{made.survey_id}/posters")

        assert slips.code[5:] not in page.get_data(as_text=True)
        refused = organizer.open(f"/channels/{slips.id}/poster")
        assert refused.status_code == 409
