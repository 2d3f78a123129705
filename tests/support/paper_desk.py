"""A channel of paper or of the telephone, and two people who type for it."""

from dataclasses import dataclass
from datetime import date

from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.survey.open_channel import OpenChannel
from survey_app.survey.paper_stacks import PaperStack, TypedCopy, open_stack
from survey_app.survey.responses import Response
from survey_app.survey.tables import Channel
from tests.support.office import Desk, desk
from tests.support.respondents import Asked, Plan, ask_about
from tests.support.secret_ballots import confirmed

ONE, OTHER, THIRD = "张录", "李录", "王录"
GOOD = {"q-welcome": "1", "q-solved": "1"}
BAD = {"q-welcome": "2", "q-solved": "2"}


def channel_of(db: Session, kind: ChannelKind, plan: Plan | None = None) -> Asked:
    """Return a survey whose one channel is of this kind."""
    asked = ask_about(db, plan)
    only = update(Channel).where(Channel.id == asked.channel_id)
    db.execute(only.values(kind=kind))
    db.commit()
    return asked


@dataclass(frozen=True)
class PaperDesk:
    """Whoever opens stacks, and two others who type."""

    asked: Asked
    designer: Desk
    one: Desk
    other: Desk

    @property
    def at(self) -> str:
        """Where the channel's pages begin."""
        return f"/channels/{self.asked.channel_id}"

    def open_stack(self, sheets: int = 2) -> str:
        """Open a stack; return where its pages begin."""
        sent = self.designer.send(f"{self.at}/stacks", name="大厅第一叠", sheets=sheets)
        assert sent.status_code == 303
        return str(sent.location).removeprefix("/office")

    def type_all(self, who: Desk, stack: str, *sheets: dict[str, str]) -> TestResponse:
        """Type these sheets of a stack from the first on; return the last reply."""
        sent = [
            who.send(f"{stack}/type", sheet=position, **sheet)
            for position, sheet in enumerate(sheets, 1)
        ]
        assert {one.status_code for one in sent} == {303}
        return sent[-1]


def paper_desk(app: Flask, db: Session, plan: Plan | None = None) -> PaperDesk:
    """Return a channel of paper with everybody at his desk."""
    asked = channel_of(db, ChannelKind.PAPER, plan)
    designer = desk(app, db, "designer")
    one, other = (desk(app, db, "typist", username=name) for name in (ONE, OTHER))
    confirmed(db, ONE, OTHER)
    return PaperDesk(asked, designer, one, other)


def new_stack(db: Session, channel: OpenChannel, sheets: int = 1) -> int:
    """Open a stack without a page; return its number."""
    return open_stack(
        db, channel, name="一", sheets=sheets, account=ONE, today=date(2026, 5, 1)
    )


def kept(db: Session) -> list[str]:
    """Return the kept answers as they are written, sorted."""
    db.rollback()  # sees what others wrote, and stands in nobody's way
    found = sorted(db.scalars(select(Response.answers)))
    db.rollback()
    return found


def copies(db: Session) -> int:
    """Return how many typed sheets there are."""
    db.rollback()
    number = db.scalar(select(func.count()).select_from(TypedCopy)) or 0
    db.rollback()
    return number


def only_stack(db: Session) -> PaperStack:
    """Return the one stack there is."""
    db.rollback()
    stack = db.scalars(select(PaperStack)).one()
    db.expunge_all()
    db.rollback()
    return stack
