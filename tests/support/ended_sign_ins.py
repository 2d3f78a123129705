"""Every way in which a sign-in ends while somebody types, and what is typed."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app.accounts.tables import SignIn
from tests.conftest import FixedClock, rows_in
from tests.support.filled_forms import Form
from tests.support.office import Desk

TYPED = "青山县 <2026> & “考核”"
NEW = {"name": TYPED, "scheme": "yijun-2017"}


class Watch(FixedClock):
    """A clock that can be moved on by minutes."""

    later = timedelta()

    def __call__(self) -> datetime:
        return super().__call__() + self.later


def end_everywhere(db: Session) -> None:
    """End all sign-ins on the server, as another password or a sign-out does."""
    db.execute(delete(SignIn))
    db.commit()


def kept_of(db: Session, table: str) -> int:
    """Return how many rows a table holds, holding on to nothing."""
    number = rows_in(db, table)
    db.rollback()
    return number


def upload(form: Form, size: int) -> TestResponse:
    """Send a file of this size with the form's hidden fields, as one body in memory."""
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form.hidden.items()
    )
    file = 'Content-Disposition: form-data; name="workbook"; filename="roster.xlsx"'
    body = f"{parts}--x\r\n{file}\r\n\r\n{'x' * size}\r\n--x--\r\n".encode()
    return form.desk.client.post(
        f"/office{form.action}",
        data=body,
        content_type="multipart/form-data; boundary=x",
    )


def left_alone(wang: Desk, clock: Watch, db: Session) -> None:
    clock.later += timedelta(minutes=45)


def signed_out_elsewhere(wang: Desk, clock: Watch, db: Session) -> None:
    wang.send("/sign-out")


def password_changed(wang: Desk, clock: Watch, db: Session) -> None:
    end_everywhere(db)


def cookies_lost(wang: Desk, clock: Watch, db: Session) -> None:
    wang.client.delete_cookie("office", path="/office")


ENDS = (left_alone, signed_out_elsewhere, password_changed, cookies_lost)
