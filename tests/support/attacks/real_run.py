"""A run of the shipped server: good ballots, bad ones, a failure, and what is left."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from survey_app.ballot.casting import BallotBoxes
from survey_app.ballot.paper.ticket import printed_tracker
from survey_app.ballot.tickets import VOID_TICKET
from survey_app.database import writing
from survey_app.settings import Settings
from tests.support.attacks.cluster import cluster_of, flushed
from tests.support.attacks.telltales import COMMENT, MARKS, Reply, Telltale
from tests.support.attacks.traces import answer_writings, code_writings, writings
from tests.support.attacks.victims import engines
from tests.support.open_box import ANY_DAY, Box, open_box, unissued_code
from tests.support.postgresql import PostgreSQL
from tests.support.server import serving
from tests.support.statements import counted

MAY_1 = date(2026, 5, 1)


@dataclass(frozen=True)
class Run:
    """What was sent to a real server, and what it left behind."""

    box: Box
    codes: tuple[str, ...]
    replies: dict[str, Reply]
    log: str
    files: dict[str, bytes]
    questions: dict[str, int]
    """How many statements it takes to look up a ticket that is not taken."""

    @property
    def receipt(self) -> set[bytes]:
        """The tracker of the ballot that was cast, in every way it is written."""
        shown = re.search(r"\b[0-9a-f]{64}\b", self.replies["cast"].page)
        assert shown
        tracker = bytes.fromhex(shown[0])
        return {tracker, shown[0].encode()} | writings(printed_tracker(tracker))

    @property
    def sought(self) -> set[bytes]:
        """Everything that only the voter and the key holders may know."""
        codes = {way for code in self.codes for way in code_writings(code)}
        marks = {way for mark in MARKS for way in writings(mark)}
        picks = {s: {"welcome": "bad"} for s in self.box.form.subject_ids}
        return codes | marks | answer_writings(picks) | self.receipt


def run_on(settings: Settings, steal: Callable[[], dict[str, bytes]]) -> Run:
    """Cast good and bad, break the database in the middle, send nonsense."""
    folder, unknown = settings.secrets_folder, unissued_code()
    assert folder is not None
    with engines(settings) as (main, ballots), Session(writing(main)) as db:
        box = open_box(db, ballots, folder, replace(ANY_DAY, tickets=4))
        with serving(
            settings.database_url,
            ballot_database_url=settings.ballots_at,
            ballot_secrets=str(folder),
        ) as server:
            replies = walk(Telltale(server.url), box, unknown)
            Telltale(server.url).mangle(f"GET /b/{box.codes[1]} HTTP/9.9\r\n\r\n")
            files, log = steal(), server.log.read_text("utf-8")
        asked = questions(BallotBoxes(main, ballots, folder), box, unknown)
    return Run(box, (*box.codes, unknown), replies, log, files, asked)


def questions(boxes: BallotBoxes, box: Box, unknown: str) -> dict[str, int]:
    """Return how often the database is asked about tickets that are not taken."""
    used, _, void, new = box.codes
    box.set_ticket(void, VOID_TICKET)
    # What is read once about the box belongs to no ticket.
    boxes.find(unknown, today=MAY_1)
    told = {}
    for why, code, today in (
        ("used", used, MAY_1), ("void", void, MAY_1), ("unknown", unknown, MAY_1),
        ("late", new, date.max),
    ):  # fmt: skip
        with counted(box.ballots) as said:
            assert boxes.find(code, today=today) is None
        told[why] = len(said)
    return told


def walk(voter: Telltale, box: Box, unknown: str) -> dict[str, Reply]:
    """Do everything that people, machines and bad luck do to a ballot page."""
    code, second, *_ = box.codes
    about = str(box.form.subject_ids[0])
    whole = {**box.answers("bad"), "comment": COMMENT, "about": about}
    replies = {
        "page": voter.get("/b"),
        "in path": voter.get(f"/b/{code}"),
        "in query": voter.get(f"/b?code={code}"),
        "shown": voter.post("/b", {"code": code}),
        "half": voter.post("/b", {"code": code, **dict([*box.answers().items()][:1])}),
        "cast": voter.post("/b", {"code": code, **whole}),
        "again": voter.post("/b", {"code": code, **whole}),
        "unknown": voter.post("/b", {"code": unknown, **whole}),
        "mistyped": voter.post("/b", {"code": code[:-1] + "Z", **whole}),
        "bytes": voter.post_raw("/b", b"\xff" + code.encode(), "text/plain"),
        "parts": voter.post_raw("/b", code.encode(), "multipart/form-data; boundary=x"),
    }
    _rename(box, "ticket", "away")
    replies["unkept"] = voter.post("/b", {"code": second, **whole})
    _rename(box, "away", "ticket")
    return replies | {"in time": voter.post("/b", {"code": second, **whole})}


def _rename(box: Box, before: str, after: str) -> None:
    """Take the table of tickets away, or give it back."""
    with box.ballots.begin() as connection:
        connection.execute(text(f"ALTER TABLE {before} RENAME TO {after}"))


def cluster_files(server: PostgreSQL, settings: Settings) -> dict[str, bytes]:
    """Return the files of both databases, and what the cluster logs about them."""
    cluster = cluster_of(server)
    files = {"wal": cluster.changes, "log": cluster.server_log.read_bytes()}
    for url in (settings.database_url, settings.ballots_at):
        with psycopg.connect(url, autocommit=True) as connection:
            files |= cluster.database(flushed(connection))
    return files
