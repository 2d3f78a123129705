"""What people answer to questions of every kind: in a browser, and as a crowd."""

from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from survey_app.demo.crowd import BallotVisit, Visit


@dataclass(frozen=True)
class Said:
    """One whole answer about one person or body."""

    overall: str
    handled: str
    points: int
    ways: tuple[str, ...] = ()
    why: str = ""

    @property
    def is_unhappy(self) -> bool:
        """Whether the question why is asked."""
        return bool(self.why)

    def picks(self) -> Iterator[tuple[str, str]]:
        """Yield the fields of an open survey's form."""
        yield "overall", self.overall
        yield "handled", self.handled
        yield from (("ways", one) for one in self.ways)
        yield "points", str(self.points)
        if self.why:
            yield "why", self.why

    def visit(self, code: str) -> Visit:
        """Return this answer on its way to an open survey."""
        return Visit(code, tuple(self.picks()))

    def ballot(self, code: str, subject: int) -> BallotVisit:
        """Return this answer on its way into a box, as one ballot."""
        picks = {key: value for key, value in self.picks() if key != "ways"}
        ticks = {f"ways.{one}": "ticked" for one in self.ways}
        return BallotVisit(code, {subject: picks | ticks}, (subject, "都好"))


HAPPY = Said("satisfied", "done", 85, ("desk",))
UNHAPPY = Said("dissatisfied", "undone", 45, ("desk", "phone"), "排队太久")
MIXED = (
    Said("very_satisfied", "done", 96, ("phone",)),
    HAPPY,
    Said("basically_satisfied", "done", 72),
    Said("basically_satisfied", "undone", 64, ("desk",)),
    Said("very_satisfied", "done", 91, ("desk", "phone")),
    UNHAPPY,
)


def crowd(number: int) -> list[Said]:
    """Return what so many people say, one after the other."""
    return [MIXED[place % len(MIXED)] for place in range(number)]


def answer(page: Page, said: Said, about: str = "") -> None:
    """Fill in the page as it lies open; `about`: the subject's mark on a ballot."""
    _pick(page, f"{about}overall", said.overall)
    _pick(page, f"{about}handled", said.handled)
    for one in said.ways:
        _pick(page, *((f"{about}ways.{one}", "ticked") if about else ("ways", one)))
    page.locator(f"[id='q-{about}points']").fill(str(said.points))
    why = page.locator(f"[id='q-{about}why']")
    if said.why:
        why.fill(said.why)
    elif not about:
        expect(why).to_be_hidden()


def _pick(page: Page, name: str, value: str) -> None:
    page.locator(f"label:has(input[name='{name}'][value^='{value}'])").first.click()
