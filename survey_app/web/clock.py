"""What day it is where the respondents are; the only reader of the clock.

The app keeps its clock as a value, so that a test sets the day by handing in another.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from flask import Flask, current_app


def init_app(app: Flask, zone: str, clock: Callable[[], datetime] | None) -> None:
    """Remember the zone and the clock (an instant in UTC)."""
    app.extensions["survey_clock"] = (clock or _utc_now, ZoneInfo(zone))


def _utc_now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """Return the day it is for the respondents."""
    clock, zone = current_app.extensions["survey_clock"]
    day: date = clock().astimezone(zone).date()
    return day


def today_began() -> datetime:
    """Return the instant in UTC, without a zone, in which this day began here."""
    _, zone = current_app.extensions["survey_clock"]
    began = datetime.combine(today(), time(), zone)
    return began.astimezone(UTC).replace(tzinfo=None)


def day_of(instant: datetime) -> date:
    """Return the day here of an instant in UTC without a zone."""
    _, zone = current_app.extensions["survey_clock"]
    day: date = instant.replace(tzinfo=UTC).astimezone(zone).date()
    return day


def now() -> datetime:
    """Return the instant in UTC, without a zone, as the tables keep it."""
    clock, _ = current_app.extensions["survey_clock"]
    instant: datetime = clock()
    return instant.replace(tzinfo=None)


def zone() -> ZoneInfo:
    """Return where the respondents, and the office, are."""
    _, here = current_app.extensions["survey_clock"]
    found: ZoneInfo = here
    return found
