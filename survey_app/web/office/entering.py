"""Letting somebody in, staying in, and going out: the cookies of the office.

`office`, signed by us, carries the secret of the sign-in and when it was last used. Who
that is, the table of sign-ins says anew for every request: a sign-in that was ended
anywhere is ended here, and a copied cookie with it. Nothing remembers anybody longer,
and no mark of the device is kept in it. `office_device` says that this device signed in
before. Both exist below /office only.
"""

from dataclasses import dataclass
from datetime import UTC, timedelta

from flask import Response, after_this_request, current_app, g, request
from flask import session as cookie
from sqlalchemy.orm import Session

from survey_app.accounts.second_factor import awaiting, pass_code
from survey_app.accounts.sign_in import (
    Entered,
    SignedIn,
    find_sign_in,
    sign_in_from,
    sign_out,
)
from survey_app.accounts.sign_in_tries import Caller
from survey_app.database import session, writer
from survey_app.domain.ground.refusals import (
    SignInFailed,
    SignInNeeded,
    TooManyRequests,
)
from survey_app.forms.account_forms import OneTimeForm, SignInForm
from survey_app.web.clock import now
from survey_app.web.office.found import excluded_roles, settings
from survey_app.web.office.tokens import begin_tokens, secret_key
from survey_app.web.pace import neighbourhood

DEVICE = "office_device"
A_YEAR = 365 * 24 * 60 * 60
"""Seconds a browser keeps what is not a secret of a sign-in."""
SIGN_IN = "sign_in"
"""In the signed cookie: the secret of the sign-in, never the account's number."""
WAITS = "waits"
"""In the signed cookie: the secret of a sign-in that waits for its code."""
PROVIDER = "through"
"""In the signed cookie: that an identity provider vouched for this sign-in."""
SEEN = "seen"
"""In the signed cookie: the second of the last page, to the minute."""
OFTEN = 60
"""Seconds; within them the cookie is not written anew."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nobody was let in."""

    why: str
    """"failed", "wait", or "" where a field was left empty."""
    status: int
    seconds: int = 0
    """Until another try is looked at."""
    name: str = ""
    """By which an identity provider knows somebody whom we do not know."""


@dataclass(frozen=True, slots=True)
class Halfway:
    """The password was right; now a code is asked for."""


def who_is_here() -> SignedIn | None:
    """Return the account that is signed in; None where the sign-in has ended."""
    secret = _secret()
    if secret is None or is_idle():
        return None
    # A reader of its own: asking who is here must not take the one write lock.
    with Session(current_app.extensions["survey_engine"]) as reader:
        excluded = excluded_roles()
        return find_sign_in(reader, secret, now=now(), excluded=excluded)


def enter_here(form: SignInForm) -> SignedIn | Halfway | Refused:
    """Sign in whoever filled in the form, or say why not and never more."""
    name, password = form.username.data or "", form.password.data or ""
    if not form.validate():
        return Refused("", 422)
    try:
        entered = sign_in_from(
            caller(), writer(), name, password=password, now=now(), lasts=lasts()
        )
    except SignInFailed:
        return Refused("failed", 422)
    except TooManyRequests as refusal:
        return Refused("wait", 429, refusal.seconds)
    return welcome(entered)


def finish_here(form: OneTimeForm) -> SignedIn | Halfway | Refused:
    """Sign in whoever showed the password before and types a code now."""
    if not form.validate():
        return Refused("", 422)
    waiting, typed = str(cookie.get(WAITS, "")), form.one_time_code.data or ""
    through = cookie.get(PROVIDER)
    try:
        entered = pass_code(
            caller(), writer(), waiting, typed, now=now(), lasts=lasts()
        )
    except SignInNeeded:
        return Refused("slow", 401)
    except SignInFailed:
        return Refused("code", 422)
    except TooManyRequests as refusal:
        return Refused("wait", 429, refusal.seconds)
    outcome = welcome(entered)
    if through and not isinstance(outcome, Refused):
        cookie[PROVIDER] = True
    return outcome


def welcome(entered: Entered) -> SignedIn | Halfway | Refused:
    """Put the sign-in into this browser's cookie; whoever sat here before is out."""
    excluded = excluded_roles()
    account = find_sign_in(session(), entered.secret, now=now(), excluded=excluded)
    if account is None and not entered.owes_code:
        return Refused("failed", 422)  # deleted, or another password, in this instant
    go_out()
    if account is None:
        cookie[WAITS] = entered.secret
        return Halfway()
    cookie[SIGN_IN] = entered.secret
    cookie[SEEN] = _second()
    begin_tokens(account)
    if entered.devices:
        _remember_device(entered.devices)
    return account


def who_waits() -> str | None:
    """Return the name of the account whose code is asked for here, or None."""
    waiting = cookie.get(WAITS)
    return awaiting(session(), str(waiting), now=now()) if waiting else None


def this_sign_in() -> str:
    """Return the secret of this browser's sign-in; "" without any."""
    return _secret() or ""


def lasts() -> timedelta:
    """Return how long a sign-in lasts at most."""
    return timedelta(hours=settings().sign_in_hours)


def go_out() -> None:
    """End the sign-in of this browser, on the server and in its cookie."""
    secret = _secret()
    if secret is not None:
        sign_out(writer(), secret)
    leave()


def leave() -> None:
    """Forget everything the cookie said, tokens against forged forms included."""
    cookie.clear()
    g.pop("csrf_token", None)


def stay() -> None:
    """Note that the sign-in is in use; nothing is written to the database."""
    if abs(_second() - cookie[SEEN]) >= OFTEN:
        cookie[SEEN] = _second()


def is_idle() -> bool:
    """Return whether nobody used this sign-in for longer than the settings allow."""
    seen = cookie.get(SEEN)
    idle = settings().idle_minutes * 60
    return not isinstance(seen, int) or _second() - seen >= idle + OFTEN


def has_ended() -> bool:
    """Return whether this browser was signed in and is no more; told once."""
    return cookie.pop(SIGN_IN, None) is not None


def set_lasting(response: Response, name: str, value: str, *, same_site: str) -> None:
    """Let the browser keep a cookie of the office for a year."""
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(
        name, value, A_YEAR, path="/office", secure=secure, httponly=True,
        samesite=same_site,
    )  # fmt: skip


def _secret() -> str | None:
    secret = cookie.get(SIGN_IN)
    return secret if isinstance(secret, str) else None


def caller() -> Caller:
    """Return where this request comes from, as far as anybody can tell."""
    marks = request.cookies.get(DEVICE, "").split(".")
    place = neighbourhood(request.remote_addr)
    return Caller(secret_key(), place or b"", tuple(one for one in marks if one))


def _remember_device(marks: tuple[str, ...]) -> None:
    @after_this_request
    def remember(response: Response) -> Response:
        set_lasting(response, DEVICE, ".".join(marks), same_site="Strict")
        return response


def _second() -> int:
    return int(now().replace(tzinfo=UTC).timestamp())
