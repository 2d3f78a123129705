"""One page of a long list: searched, filtered, ordered and cut by the database.

A page costs what stands on it, however long the list is: two statements, one that
counts and one that reads. Whoever may look at a part of the place only is counted and
read that part; a list that does not say where its rows belong shows him none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey_app.appraisal.scope import EVERYWHERE, Scope

PER_PAGE = 50
SCALE = 10**15
"""What an exact number is multiplied with before it is cut to order a list by it: two
shares of fewer than thirty million people each never become one."""

T = TypeVar("T")
Other = TypeVar("Other")
Fact = ColumnElement[Any] | InstrumentedAttribute[Any]
Statement = Select[*tuple[Any, ...]]


def nowhere(scope: Scope) -> ColumnElement[bool]:
    """Return the condition of a list that does not say where its rows belong."""
    return true() if scope.is_whole else false()


def anywhere(_scope: Scope) -> ColumnElement[bool]:
    """Return the condition of a list that is about no place, and open to all."""
    return true()


@dataclass(frozen=True, slots=True)
class ListAsked:
    """Which part of a list is asked for, and in which order."""

    search: str = ""
    """Words, each of which must be found somewhere in a row."""
    unit: str = ""
    """The code of a unit, or a part of its name; empty: all units."""
    sort: str = ""
    """One of the list's orders; empty: as the list stands by itself."""
    down: bool = False
    """The largest first."""
    page: int = 1
    scope: Scope = EVERYWHERE
    """Where whoever asks may look."""


@dataclass(frozen=True, slots=True)
class ListColumns:
    """By what a list can be searched, filtered and ordered."""

    always: tuple[Fact, ...]
    """The list's own order. It must tell any two rows apart."""
    search: tuple[Fact, ...] = ()
    """Texts in which a word is found anywhere, small and capital letters alike."""
    within: Callable[[Scope], ColumnElement[bool]] = nowhere
    """Which rows belong to a part of the place."""
    unit_code: Fact | None = None
    unit_name: Fact | None = None
    about_unit: Callable[[str], ColumnElement[bool]] | None = None
    """Instead of both: which rows are about the unit of this code or part of a name."""
    wanted: tuple[ColumnElement[bool], ...] = ()
    """What the rows must be besides: filters that this list alone has."""
    orders: Mapping[str, Fact] = field(default_factory=dict)
    """Name of an order → its column. Rows without a value come last, up and down, in
    the list's own order: where a value is hidden, no order tells it."""


@dataclass(frozen=True, slots=True)
class ListPage(Generic[T]):
    """The rows of one page, and where they stand in the list."""

    rows: tuple[T, ...]
    number: int
    """The page that is shown: the last one where a later one was asked for."""
    found: int
    """How many rows the search and the filter leave."""
    every: int
    """How many there are without them."""
    size: int = PER_PAGE

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.found // self.size))

    @property
    def first(self) -> int:
        """The place of the first row, from 1; 0 where there is none."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The place of the last row; 0 where there is none."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    def of(self, made: Callable[[T], Other]) -> "ListPage[Other]":
        """Return the same page with something made of each row."""
        return self.holding([made(row) for row in self.rows])

    def holding(self, rows: Sequence[Other]) -> "ListPage[Other]":
        """Return the same page with other things in the place of its rows."""
        return ListPage(tuple(rows), self.number, self.found, self.every, self.size)


def page_of(
    session: Session,
    chosen: Statement,
    columns: ListColumns,
    asked: ListAsked,
    *,
    size: int = PER_PAGE,
    known: int | None = None,
) -> ListPage[Any]:
    """Return the page that is asked for, of a statement without order and grouping.

    A word finds what contains it, whatever signs are in it. An order that the list
    does not have is its own one; a page past the end is the last. `known` is how many
    rows the statement has, where somebody counted them already.
    """
    conditions = _conditions(columns, asked)
    is_wanted = and_(true(), *conditions)
    if not asked.scope.is_whole or asked.scope.surveys is not None:
        chosen, known = chosen.where(columns.within(asked.scope)), None
    if known is None or conditions:
        row = chosen.add_columns(case((is_wanted, 1)).label("is_wanted")).subquery()
        counting = select(func.count(), func.count(row.c.is_wanted)).select_from(row)
        every, found = session.execute(counting).one()
    else:
        every = found = known
    number = min(asked.page, max(1, -(-found // size)))
    rows = chosen.where(is_wanted).order_by(*_order(columns, asked))
    cut = rows.limit(size).offset((number - 1) * size)
    shown = tuple(session.execute(cut).all()) if found else ()
    return ListPage(shown, number, found, every, size)


def narrowed(chosen: Statement, columns: ListColumns, asked: ListAsked) -> Statement:
    """Return the statement with what the search and the filter leave of its rows."""
    return chosen.where(and_(true(), *_conditions(columns, asked)))


def ordinal(number: Fraction | None) -> int | None:
    """Return a whole number that orders as this one does, cut a little lower."""
    return None if number is None else number.numerator * SCALE // number.denominator


def matching(columns: ListColumns, asked: ListAsked) -> ColumnElement[bool]:
    """Return the condition of a row that search, filter and scope leave."""
    return and_(columns.within(asked.scope), *_conditions(columns, asked))


def _conditions(columns: ListColumns, asked: ListAsked) -> list[ColumnElement[bool]]:
    found = [
        or_(*(text.icontains(word, autoescape=True) for text in columns.search))
        for word in asked.search.split()
        if columns.search
    ]
    if asked.unit and columns.unit_code is not None:
        of_unit = [columns.unit_code == asked.unit]
        if columns.unit_name is not None:
            named = columns.unit_name.icontains(asked.unit, autoescape=True)
            of_unit.append(named)
        found.append(or_(*of_unit))
    if asked.unit and columns.about_unit is not None:
        found.append(columns.about_unit(asked.unit))
    return [*found, *columns.wanted]


def _order(columns: ListColumns, asked: ListAsked) -> list[Any]:
    """Return what the rows are ordered by; two rows are never alike."""
    column = columns.orders.get(asked.sort)
    if column is None:
        return list(columns.always)
    way = column.desc() if asked.down else column.asc()
    return [column.is_(None), way, *columns.always]
