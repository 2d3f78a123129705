"""What was acknowledged survives the server's sudden death, and counts once."""

import http.client
import re
import signal
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from urllib.parse import urlencode, urlsplit

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from survey_app.domain.ground.printed_code import printed_receipt, receipt_of
from tests.support.respondents import ALWAYS_OPEN, GOOD, Asked, ask_about
from tests.support.server import Server, serving

FORMS = 160
KILLED_AFTER = 50


class Phones:
    """Many respondents at once; the server is killed under them."""

    def __init__(self, server: Server, asked: Asked) -> None:
        self.server = server
        self.asked = asked
        self.acknowledged: set[str] = set()
        self.kill_after: int | None = None
        self._lock = Lock()

    def send(self, submissions: list[str]) -> None:
        """Send a form for each submission id, eight at a time."""
        with ThreadPoolExecutor(8) as phones:
            list(phones.map(self._send, submissions))

    def _send(self, submission: str) -> None:
        at = urlsplit(self.server.url)
        connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=30)
        body = urlencode({**GOOD, "submission": submission})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request("POST", f"/s/{self.asked.code}", body, kind)
            receipt = receipt_in(connection.getresponse())
        except (OSError, http.client.HTTPException):
            return
        finally:
            connection.close()
        with self._lock:
            self.acknowledged.add(receipt)
            if len(self.acknowledged) == self.kill_after:
                self.server.running.end(signal.SIGKILL)


def receipt_in(reply: http.client.HTTPResponse) -> str:
    """Return the receipt of a new answer, or of one that was counted before."""
    address = reply.getheader("Location", "")
    if reply.status == 303:
        return address.removeprefix("/r/")
    found = re.search(r'class="receipt"[^>]*>([0-9A-Z-]+)<', reply.read().decode())
    return found[1] if found else ""


def kept(db: Session) -> set[str]:
    codes = db.scalars(text("SELECT code FROM receipt")).all()
    return {printed_receipt(bytes(code)) for code in codes}


def sums(db: Session) -> list[int]:
    """Return how many answers each table speaks of; they must agree."""
    said = [
        "SELECT count(*) FROM response",
        "SELECT count(*) FROM receipt",
        "SELECT sum(count) FROM turnout_count",
    ]
    return [int(db.scalar(text(sentence)) or 0) for sentence in said]


def test_a_killed_server_loses_nothing_it_acknowledged(
    engine: Engine, db: Session, database_url: str
) -> None:
    asked = ask_about(db, ALWAYS_OPEN)
    forms = [asked.new_submission() for _ in range(FORMS)]
    receipts = {printed_receipt(receipt_of(bytes.fromhex(form))) for form in forms}

    with serving(database_url, answers_per_minute=100_000) as server:
        phones = Phones(server, asked)
        phones.kill_after = KILLED_AFTER
        phones.send(forms)
        before = phones.acknowledged

    assert KILLED_AFTER <= len(before) < FORMS
    assert before <= kept(db) <= receipts
    assert len(set(sums(db))) == 1
    db.rollback()

    with serving(database_url, answers_per_minute=100_000) as server:
        again = Phones(server, asked)
        again.send(forms)

    assert again.acknowledged == kept(db) == receipts
    assert sums(db) == [FORMS] * 3
