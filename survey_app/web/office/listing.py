"""What the address of a list says: search, unit, order and page, all of it kept there.

A list is found again by its address: it can be bookmarked, sent and printed. Nothing is
remembered anywhere else, and no script is needed.
"""

from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from survey_app.analytics.paging import ListAsked
from survey_app.domain.ground.written_value import tidy_code
from survey_app.web.office.access import scope

LONGEST = 80
"""Signs of a search: more than any name has."""
MOST_DIGITS = 6
"""Of the number of a page."""
FIRST_UP = ("", "name", "username", "unit", "due")
"""Orders of which the first comes first when somebody chooses them."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One list of a page, as its address asks for it."""

    asked: ListAsked
    orders: tuple[str, ...]
    """The orders it offers besides its own one."""
    notes: tuple[str, ...] = ()
    """What of the address could not be followed, in words."""
    prefix: str = ""
    """Stands before the names in the address where a page has several lists."""
    page_name: str = "page"
    """What its page is called there; several lists may share all but that."""
    anchor: str = ""
    """The id of the place in the page that a link leads to."""
    kept: tuple[tuple[str, str], ...] = ()
    """What else the address says and the links of this list must not lose."""
    endpoint: str = ""
    """The page that shows the list; empty: the one that is open."""

    def name(self, field: str) -> str:
        """Return what a field of this list is called in the address."""
        return f"{self.prefix}{self.page_name if field == 'page' else field}"

    def fields(self, *without: str) -> list[tuple[str, str]]:
        """Return name and value of all that the address says, without some fields."""
        asked = self.asked
        own = {
            "q": asked.search,
            "unit": asked.unit,
            "sort": asked.sort,
            "down": "1" if asked.down else "",
            "page": str(asked.page) if asked.page > 1 else "",
        }
        told = [(self.name(f), v) for f, v in own.items() if v and f not in without]
        return [*self.kept, *told]

    def _address(self, *without: str, **other: Any) -> str:
        told: dict[str, Any] = dict(request.view_args or {})
        told |= dict(self.fields(*without))
        told |= {self.name(field): value for field, value in other.items() if value}
        if self.anchor:
            told["_anchor"] = self.anchor
        return url_for(self.endpoint or str(request.endpoint), **told)

    @property
    def action(self) -> str:
        """The address the search form leads to; the form adds its fields."""
        return url_for(
            self.endpoint or str(request.endpoint),
            _anchor=self.anchor or None,
            **(request.view_args or {}),
        )

    @property
    def whole(self) -> str:
        """The address of the list without search and filter, in the same order."""
        return self._address("q", "unit", "page")

    @property
    def is_narrowed(self) -> bool:
        """Whether a search or a filter may leave rows out."""
        return bool(self.asked.search or self.asked.unit)

    def page(self, number: int) -> str:
        """Return the address of another page of the list."""
        return self._address("page", page=number if number > 1 else "")

    def of_unit(self, code: str) -> str:
        """Return the address of what the list says of one unit."""
        return self._address("unit", "page", unit=code)

    def with_field(self, name: str, value: str) -> str:
        """Return the address from its first page, with another kept field as told."""
        kept = tuple(one for one in self.kept if one[0] != name)
        if value:
            kept = (*kept, (name, value))
        return replace(self, kept=kept)._address("page")

    def sorted_by(self, order: str) -> str:
        """Return the address in this order; turned round where it is in it already.

        Of a number the largest comes first, of a name or a day that is due the first.
        """
        same = self.asked.sort == order
        down = not self.asked.down if same else order not in FIRST_UP
        return self._address("sort", "down", "page", sort=order, down="1" * down)

    def direction(self, order: str) -> str:
        """Return how a column is sorted, in the words of aria-sort; "" where not."""
        if self.asked.sort != order or not order:
            return ""
        return "descending" if self.asked.down else "ascending"


def listing(
    *orders: str,
    prefix: str = "",
    page_name: str = "page",
    anchor: str = "",
    keep: tuple[str, ...] = (),
    endpoint: str = "",
    sort: str = "",
) -> Listing:
    """Return what the address of this request asks of a list with these orders.

    Whatever cannot be followed is as if it were not there, and is said in a note.
    `keep` names other fields of the address that links and form carry on, `sort` the
    order where the address names none, "-score" the largest first. Whoever narrows the
    list is led to its first page.
    """
    read = _Address(prefix)
    order, is_down = read.order(orders), read.is_down()
    asked = ListAsked(
        search=read.text("q"),
        unit=read.text("unit"),
        sort=order or sort.removeprefix("-"),
        down=is_down if order else sort.startswith("-"),
        page=read.page(page_name),
        scope=scope(),
    )
    kept = tuple((n, v) for n in keep for v in [request.args.get(n, "")] if v)
    return Listing(
        asked, orders, tuple(read.notes), prefix, page_name, anchor, kept, endpoint
    )


class _Address:
    """Reads the fields of one list, strictly, and notes what it could not follow."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.notes: list[str] = []

    def _told(self, field: str) -> str:
        return request.args.get(f"{self.prefix}{field}", "")

    def text(self, field: str) -> str:
        text = tidy_code(self._told(field))
        if len(text) <= LONGEST:
            return text
        self.notes.append(_("What you searched for is too long; all are listed."))
        return ""

    def order(self, orders: tuple[str, ...]) -> str:
        told = self._told("sort")
        if not told or told in orders:
            return told
        note = _("This list cannot be ordered like that; it stands in its own order.")
        self.notes.append(note)
        return ""

    def is_down(self) -> bool:
        told = self._told("down")
        if told not in ("", "0", "1"):
            self.notes.append(_("The direction was not understood: smallest first."))
        return told == "1"

    def page(self, name: str) -> int:
        told = self._told(name)
        is_number = told.isascii() and told.isdigit() and len(told) <= MOST_DIGITS
        if told and not (is_number and int(told)):
            self.notes.append(_("There is no such page; here is the first one."))
            return 1
        return int(told or 1)
