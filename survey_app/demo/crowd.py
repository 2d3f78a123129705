"""The demo county's respondents: they use the same front door as everybody else.

Each fetches the page behind a code, takes the submission id out of it and sends the
form, over HTTP, several at a time.
"""

import http.client
import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import local
from urllib.parse import urlencode, urlsplit

AT_ONCE = 8
SUBMISSION = re.compile(rb'name="submission" value="([0-9a-f]+)"')


class AnswerNotTaken(Exception):  # noqa: N818 -- says what happened
    """The front door did not take an answer of the demo."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One answer on its way: the channel's code and the picks."""

    code: str
    picks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BallotVisit:
    """One ballot on its way: the slip's code, the picks, and a comment about one."""

    code: str
    picks: Mapping[int, Mapping[str, str]]
    """Subject → question → choice."""
    comment: tuple[int, str]

    @property
    def fields(self) -> dict[str, str]:
        """The form's fields."""
        about, text = self.comment
        picks = {
            f"{subject}.{question}": choice
            for subject, answers in self.picks.items()
            for question, choice in answers.items()
        }
        return {"code": self.code, **picks, "about": str(about), "comment": text}


class Crowd:
    """Respondents at one address."""

    def __init__(self, base_url: str) -> None:
        address = urlsplit(base_url)
        self._host, self._port = address.hostname or "127.0.0.1", address.port or 80
        self._own = local()
        self._opened: list[http.client.HTTPConnection] = []

    def send(
        self, visits: Iterable[Visit | BallotVisit], seen: Callable[[int], None]
    ) -> None:
        """Send every answer; `seen` hears of each. Raises AnswerNotTaken."""
        try:
            with ThreadPoolExecutor(AT_ONCE) as threads:
                for _ in threads.map(self._visit, visits):
                    seen(1)
        finally:
            for connection in self._opened:
                connection.close()

    def _visit(self, visit: Visit | BallotVisit) -> None:
        if isinstance(visit, BallotVisit):
            self._ask("POST", "/b", urlencode({"code": visit.code}).encode())
            self._ask("POST", "/b", urlencode(visit.fields).encode())
            return
        page = self._ask("GET", f"/s/{visit.code}", b"")
        found = SUBMISSION.search(page)
        if found is None:
            raise AnswerNotTaken("the page carries no submission id")
        form = [("submission", found[1].decode()), *visit.picks]
        self._ask("POST", f"/s/{visit.code}", urlencode(form).encode())

    def _ask(self, method: str, path: str, body: bytes) -> bytes:
        """Return what the server says; a kept connection may have gone stale once."""
        for fresh in (False, True):
            if fresh or not hasattr(self._own, "connection"):
                self._own.connection = http.client.HTTPConnection(
                    self._host, self._port, timeout=30
                )
                self._opened.append(self._own.connection)
            try:
                return self._exchange(method, path, body)
            except (http.client.RemoteDisconnected, ConnectionError, OSError):
                if fresh:
                    raise
        raise AnswerNotTaken("the server closed the connection twice")

    def _exchange(self, method: str, path: str, body: bytes) -> bytes:
        connection: http.client.HTTPConnection = self._own.connection
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, path, body or None, kind)
        answer = connection.getresponse()
        page = answer.read()
        if answer.status not in (200, 303):
            raise AnswerNotTaken(f"status {answer.status}")
        return page
