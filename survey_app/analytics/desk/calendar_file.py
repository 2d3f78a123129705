"""The calendar as a file for calendar programs; the only importer of icalendar."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from icalendar import Calendar, Event


def calendar_file(
    place: str, entries: Iterable[tuple[str, date, str]], *, today: date
) -> bytes:
    """Return whole days as iCalendar (RFC 5545): each a lasting name, a day, its words.

    `place` names whose calendar it is. The same days give the same bytes on one day.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//survey//desk//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", place)
    made = datetime.combine(today, time(), UTC)
    for name, day, words in entries:
        event = Event()
        event.add("uid", name)
        event.add("dtstamp", made)
        event.add("dtstart", day)
        event.add("summary", words)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
