"""A field for a code: what was read in it, what is wrong, where it belongs instead.

The form sends the code in a body. Somebody may type the code of his slip into the wrong
field, and that must stand in no address, no history and no log; where it arrived in an
address, it is never repeated.
"""

from dataclasses import dataclass
from itertools import islice

from flask import request

from survey_app.ballot.paper.ticket import in_groups, ticket_code_of
from survey_app.domain.ground.typed_code import (
    RECEIPT,
    SURVEY,
    TICKET,
    TRACKER,
    CodeForm,
    codes_in,
    flaw_in,
    form_of,
    shown_again,
)

CODE = "code"
ASKED_AT_MOST = 8
"""Codes of one field that a database is asked about."""
OTHERS = {TICKET: "slip", TRACKER: "ballot", RECEIPT: "receipt", SURVEY: "survey"}


@dataclass(frozen=True, slots=True)
class CodeField:
    """What stands in the field, and what is said about it."""

    typed: str = ""
    why: str = ""
    """What is wrong; empty for a field nobody has sent yet. Beside the faults of
    `domain.typed_code`: "unlike" (right length, not ours), "unknown" (ours perhaps, in
    no list), "slip", "ballot", "receipt", "survey" (the code of something else)."""
    count: int = 0
    """Letters and digits that were read."""
    needed: int = 0
    """Symbols the code has."""
    symbol: str = ""
    """The one that stands in no code."""
    read: str = ""
    """The code that was read, as it is printed."""


def wrong_field(typed: str, form: CodeForm, *, why: str = "unlike") -> CodeField:
    """Return the field with what was typed and what is wrong with it.

    `why` is said where it could have been the code. No database is asked.
    """
    other = _other(typed, form)
    if other == OTHERS[TICKET]:
        return CodeField(why=other)
    shown, needed = shown_again(typed), form.symbols
    if other:
        return CodeField(shown, other, needed=needed)
    if unread := flaw_in(typed, form):
        return CodeField(shown, unread.flaw.value, unread.count, needed, unread.symbol)
    read = next(codes_in(typed, form), "")
    return CodeField(shown, why, needed=needed, read=in_groups(read, form.group))


def is_slip(typed: str) -> bool:
    """Return whether this is, or was meant to be, the code of a slip."""
    return ticket_code_of(typed, strict=True) is not None or form_of(typed) is TICKET


def possible_receipts(typed: str) -> list[str]:
    """Return the receipt codes (16 symbols) that may have been meant, never a slip."""
    if is_slip(typed):
        return []
    return list(islice(codes_in(typed, RECEIPT), ASKED_AT_MOST))


def sent_code() -> str | None:
    """Return what was typed into the field; None where the page was only opened."""
    return request.values.get(CODE)


def _other(typed: str, form: CodeForm) -> str:
    """Return which other code this is; "" where it is none."""
    if form is not TICKET and is_slip(typed):
        return OTHERS[TICKET]
    found = form_of(typed)
    return "" if found in (None, form) else OTHERS[found]
