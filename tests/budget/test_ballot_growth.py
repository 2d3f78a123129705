"""The page of a ballot costs the same at 1,200 units as at 120, and so does its search.

Closing and opening it are one pass over its batches: their statements are fixed.
"""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from shutil import copy
from urllib.parse import urlencode

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app import create_app
from survey_app.analytics.paging import PER_PAGE
from survey_app.ballot.signed_lists import lists_noted
from survey_app.database import ballot_engine_of, main_engine_of, writing
from survey_app.settings import Settings
from survey_app.web.headers import LARGEST_BODY
from survey_app.web.pace import Pace
from tests.conftest import FixedClock, Models
from tests.support.called import called
from tests.support.long_ballots import LongBallots, long_ballots, posted_in_bulk
from tests.support.long_lists import rows_read
from tests.support.office import MANAGER, Desk, desk
from tests.support.small_county import MAY_1
from tests.support.statements import counted

FEW, MANY = 120, 1200
LIGHT = 60_000
"""Bytes of a page as it is sent, compressed."""


@dataclass(frozen=True)
class Cost:
    """What one page took of both databases."""

    statements: int
    rows: int
    sent: int


@dataclass(frozen=True)
class Places:
    """Both places, and somebody who opens their pages."""

    manager: Desk
    few: LongBallots
    many: LongBallots

    def see(self, address: str) -> TestResponse:
        """Load a page of the office, or a public paper."""
        where = address if address.startswith("/b/") else f"/office{address}"
        return self.manager.client.get(where)

    def cost(self, path: str, place: LongBallots) -> Cost:
        """Return what a page costs when it is not the first time."""
        address = path.format(**vars(place))
        held = self.manager.client.application.extensions
        main, ballots = held["survey_engine"], held["survey_ballots"]
        self.see(address)
        with counted(main) as asked, rows_read(main) as rows:  # noqa: SIM117
            with counted(ballots) as of_box, rows_read(ballots) as box_rows:
                page = self.see(address)
        assert page.status_code == 200, address
        sent = [one for one in (*asked, *of_box) if not one.startswith("BEGIN")]
        rows_of_both = len(rows) + len(box_rows)
        return Cost(len(sent), rows_of_both, len(gzip.compress(page.data)))


@pytest.fixture(scope="module")
def places(
    sqlite_models: Models, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Places]:
    folder = tmp_path_factory.mktemp("ballots")
    file = copy(sqlite_models.main.database or "", folder / "survey.sqlite")
    settings = Settings(
        database_url=f"sqlite:///{file}", secret_key="k" * 32, second_factor=""
    )
    main, ballots = main_engine_of(settings), ballot_engine_of(settings)
    assert ballots is not None
    copy(sqlite_models.ballots.database or "", ballots.url.database or "")
    few = long_ballots(main, ballots, FEW, "F")
    many = long_ballots(main, ballots, MANY, "M")
    app = create_app(settings, clock=FixedClock(MAY_1), pace=Pace(seconds=0))
    app.config["TESTING"] = True
    with Session(writing(main)) as db:
        yield Places(desk(app, db, MANAGER), few, many)
    app.extensions["survey_engine"].dispose()
    app.extensions["survey_ballots"].dispose()
    main.dispose()
    ballots.dispose()


@pytest.mark.parametrize(
    "path",
    [
        "/surveys/{voting}",
        "/surveys/{voting}?c-q=0001",
        "/surveys/{voting}?c-page=2&s-page=2",
        "/surveys/{closed}",
        "/surveys/{voting}/close",
        "/surveys/{voting}/close?page=2",
        "/surveys/{draft}",
        "/surveys/{draft}?c-page=2",
        "/b/papers/{voting}",
        "/b/papers/{voting}?page=2",
    ],
)
def test_the_page_of_a_ballot_costs_what_it_shows(places: Places, path: str) -> None:
    """The forecast of a draft is of the units on the page."""
    few, many = (places.cost(path, place) for place in (places.few, places.many))

    assert (many.statements, many.rows) == (few.statements, few.rows)
    assert many.sent < 1.05 * few.sent + 100
    assert many.sent < LIGHT


def test_the_list_of_papers_reads_no_paper(places: Places) -> None:
    """A manifest holds every batch: not one is read, and not after 200 ballots more."""
    held = places.manager.client.application.extensions["survey_ballots"]

    def parsed(path: str) -> tuple[Cost, int]:
        with called("from_json") as calls:
            return places.cost(path, places.many), calls["from_json"]

    few, read = parsed("/b/papers")
    posted_in_bulk(held, 200)
    many, read_then = parsed("/b/papers")

    assert (read, read_then) == (0, 0)
    assert (many.statements, many.rows <= 4 * PER_PAGE) == (few.statements, True)
    assert "/b/papers?page=2" in places.see("/b/papers").text
    assert places.cost("/b/papers?page=2", places.many).sent < LIGHT


def test_what_keeps_a_ballot_closed_is_said_of_some(places: Places) -> None:
    """Half of the units have no tickets, and the other half too few."""
    few, many = (
        places.cost("/surveys/{draft}/open", place)
        for place in (places.few, places.many)
    )

    assert many.statements == few.statements
    assert many.sent < 1.05 * few.sent + 100
    assert many.sent < LIGHT


def test_long_lists_of_signatures_are_entered_page_by_page(places: Places) -> None:
    """No page is more than a body may hold, and whoever saves it is led to the next."""
    voting = f"/surveys/{places.few.voting}/close"
    held = places.manager.client.application.extensions["survey_ballots"]
    address, longest = voting, 0
    for _page in range(FEW):
        fields = places.manager.see(address).all("input")
        names = [one.get("name", "") for one in fields]
        numbers = {name: 7 for name in names if name.startswith("n-")}
        longest = max(longest, len(urlencode({**numbers, "csrf_token": "x" * 100})))
        here = address.removeprefix(voting)
        saved = places.manager.send(f"{voting}/signatures{here}", **numbers)
        address = (saved.location or "").removeprefix("/office")
        if address == voting:
            break

    assert lists_noted(held, places.few.voting) == (2 * FEW, 2 * FEW)
    assert longest < LARGEST_BODY / 4


def test_a_long_paper_is_whole_and_sent_as_it_is_drawn(places: Places) -> None:
    few, many = (
        places.cost("/surveys/{voting}/manifest", place)
        for place in (places.few, places.many)
    )
    page = places.manager.open(f"/surveys/{places.many.voting}/manifest")

    pieces = [len(piece) for piece in page.iter_encoded()]
    assert many.statements == few.statements
    assert page.is_streamed
    assert max(pieces) < sum(pieces) / 50


def test_every_batch_stands_on_the_paper(places: Places) -> None:
    for place, units in ((places.few, FEW), (places.many, MANY)):
        page = places.manager.open(f"/surveys/{place.voting}/manifest").text

        assert page.count('<tr><th scope="row">') >= 2 * units
        assert page.count("</html>") == 1
