"""Respondents who answer all the while, and press send again until they are thanked."""

import http.client
import re
import secrets
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock
from urllib.parse import urlencode, urlsplit

from survey_app.domain.ground.printed_code import printed_receipt, receipt_of

RECEIPT = re.compile(r'class="receipt"[^>]*>([0-9A-Z-]+)<')
SUBMISSION = re.compile(r'name="submission" value="([0-9a-f]{32})"')
AGAIN_AFTER = 0.25
"""Seconds until somebody who was not thanked presses send again."""
GIVES_UP = 45.0
"""Seconds after the fault is over until nobody hopes any more."""
CHOICE = "satisfied"


@dataclass
class Told:
    """What the respondents were told."""

    acknowledged: set[str] = field(default_factory=set)
    """Receipts that were promised."""
    kept: int = 0
    """Refusals with a page that had every answer in it."""
    bare: int = 0
    """Refusals with any other page."""
    cut: int = 0
    """Connections that ended without a page."""
    unheard: int = 0
    """Who was never thanked."""
    last: float = 0.0
    """When somebody was thanked for the last time."""
    pause: float = 0.0
    """The longest time in which nobody was."""


class Crowd:
    """So many respondents; each answers again and again, a new form every time."""

    def __init__(self, base: str, codes: Sequence[str], questions: Sequence[str]):
        self.told = Told(last=time.monotonic())
        self._at = urlsplit(base)
        self._codes = codes
        self._questions = questions
        self._over = Event()
        self._until = float("inf")
        self._lock = Lock()

    @contextmanager
    def answering(self, people: int) -> Iterator[Told]:
        """Let them answer for as long as the block lasts, and finish their forms."""
        with ThreadPoolExecutor(people) as threads:
            sitting = [threads.submit(self._sit) for _ in range(people)]
            try:
                yield self.told
            finally:
                self._until = time.monotonic() + GIVES_UP
                self._over.set()
            _raise_first(sitting)

    def _sit(self) -> None:
        while not self._over.is_set():
            code, submission = secrets.choice(self._codes), ""
            while True:
                submission = submission or self._scanned(code)
                if submission and self._send(code, submission):
                    break
                if time.monotonic() > self._until:
                    with self._lock:
                        self.told.unheard += 1
                    return
                time.sleep(AGAIN_AFTER)

    def _scanned(self, code: str) -> str:
        """Return the id in a page behind a code; "" where none came."""
        try:
            found = SUBMISSION.search(self._asked("GET", code, {})[2])
        except (OSError, http.client.HTTPException):
            return ""
        return found[1] if found else ""

    def _send(self, code: str, submission: str) -> bool:
        """Return whether this form was thanked for."""
        form = dict.fromkeys(self._questions, CHOICE) | {"submission": submission}
        try:
            status, where, page = self._asked("POST", code, form)
        except (OSError, http.client.HTTPException):
            with self._lock:
                self.told.cut += 1
            return False
        found = RECEIPT.search(page)
        receipt = where.removeprefix("/r/") if status == 303 else found and found[1]
        with self._lock:
            if receipt:
                self._note(receipt, submission)
            elif submission in page and self._has_answers(page):
                self.told.kept += 1
            else:
                self.told.bare += 1
        return bool(receipt)

    def _has_answers(self, page: str) -> bool:
        """Return whether a page holds every answer, to be seen or to be sent again."""
        hidden = (f'name="{one}" value="{CHOICE}"' in page for one in self._questions)
        return page.count(" checked") == len(self._questions) or all(hidden)

    def _note(self, receipt: str, submission: str) -> None:
        if receipt != printed_receipt(receipt_of(bytes.fromhex(submission))):
            raise AssertionError("somebody else's receipt")
        now = time.monotonic()
        self.told.pause = max(self.told.pause, now - self.told.last)
        self.told.last = now
        self.told.acknowledged.add(receipt)

    def _asked(
        self, method: str, code: str, form: dict[str, str]
    ) -> tuple[int, str, str]:
        host, port = self._at.hostname or "", self._at.port
        connection = http.client.HTTPConnection(host, port, timeout=60)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, f"/s/{code}", urlencode(form), kind)
            reply = connection.getresponse()
            page = reply.read().decode()
        finally:
            connection.close()
        return reply.status, reply.getheader("Location", ""), page


def _raise_first(sitting: list[Future[None]]) -> None:
    for one in sitting:
        one.result()
