"""A phone that shows one-time codes: whoever has it has the second factor."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from werkzeug.test import TestResponse

from tests.support.filled_forms import form_on
from tests.support.office import Desk
from tests.support.respondents import Shown, shown

HALF_A_MINUTE = timedelta(seconds=30)


@dataclass(frozen=True)
class Phone:
    """What an app on a phone keeps of an account."""

    secret: str
    clock: Callable[[], datetime]

    def code(self, *, ahead: timedelta = timedelta()) -> str:
        """Return the code it shows now, or would show where its clock is ahead."""
        return pyotp.TOTP(self.secret).at(self.clock() + ahead)


def secret_on(page: Shown) -> str:
    """Return the secret that a page shows to be typed."""
    (typed,) = [one for one in page.all("span") if one.get("class") == "typed-secret"]
    return (typed.text or "").replace(" ", "")


def codes_on(page: Shown) -> list[str]:
    """Return the recovery codes that a page shows."""
    lines = [one.text or "" for one in page.all("li")]
    return [line.removeprefix("☐ ") for line in lines if line.startswith("☐ ")]


def set_up(desk: Desk, clock: Callable[[], datetime]) -> tuple[Phone, list[str]]:
    """Set up a second factor at this desk; return the phone and the recovery codes."""
    page = desk.see("/second-factor")
    phone = Phone(secret_on(page), clock)
    done = form_on(desk, "/second-factor", "one_time_code", page=page).send(
        one_time_code=phone.code()
    )
    assert done.status_code == 200, done.status
    assert 'name="language"' not in done.text, "another language would lose the codes"
    return phone, codes_on(shown(done))


def show_code(desk: Desk, met: TestResponse, code: str) -> TestResponse:
    """Type a code where a right password led."""
    assert met.location is not None, met.status
    door = met.location.removeprefix("/office")
    return form_on(desk, door, "one_time_code").send(one_time_code=code)
