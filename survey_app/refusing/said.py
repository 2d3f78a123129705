"""How one refusal is said: to the office, to whoever answers, and in the terminal."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey_app.domain.ground.marked import message

Words = tuple[str, str]
"""What happened, and what to do next; English, to be put into the reader's language."""

WENT_WRONG: Words = (
    message("Something went wrong on our side"),
    message(
        "Nothing was changed. Try again; if it happens once more, tell whoever runs "
        "this server."
    ),
)
NO_SUCH_PAGE: Words = (
    message("There is no such page"),
    message("Scan the code again, or type it in."),
)


@dataclass(frozen=True, slots=True)
class Said:
    """Everything that is said of one refusal, and where its page leads."""

    status: int
    """What HTTP calls it."""
    office: Words = WENT_WRONG
    respondent: Words = NO_SUCH_PAGE
    terminal: str = ""
    """In one line; "" where the words of a page do."""
    but: Mapping[str, Words] = field(default_factory=dict)
    """Circumstance → what a page says in it instead.

    In the office: "cycle", on a page of a cycle; "sized", where it is known how much
    was sent. To whoever answers: "ballot", on a page of secret ballots; "sent", where
    a form was sent.
    """
    back: tuple[str, ...] = ()
    """Where a page of the office leads, the first of these that its address names."""
    once_more: bool = False
    """Whether the form that met it may be sent again as it is."""

    def in_office(self, circumstances: tuple[str, ...]) -> Words:
        """Return what a page of the office says."""
        return self._instead(circumstances) or self.office

    def to_respondent(self, circumstances: tuple[str, ...]) -> Words:
        """Return what a page says to whoever answers."""
        return self._instead(circumstances) or self.respondent

    def on_any_page(self) -> Words | None:
        """Return what pages say of this and of nothing else; None for nothing."""
        own = (self.office, self.respondent)
        return next((words for words in own if words not in SHARED), None)

    def _instead(self, circumstances: tuple[str, ...]) -> Words | None:
        return next((self.but[one] for one in circumstances if one in self.but), None)


SHARED = (WENT_WRONG, NO_SUCH_PAGE)
