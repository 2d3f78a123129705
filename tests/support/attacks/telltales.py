"""A voter who can be recognised by everything he sends."""

import http.client
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

ADDRESS, AGENT, COOKIE = "203.0.113.77", "TelltaleBrowser/9.9", "telltale-cookie"
COMMENT = "只写在票上的话"
LANGUAGE = "xx-telltale"
TELLTALE = {
    "User-Agent": AGENT,
    "X-Forwarded-For": ADDRESS,
    "Forwarded": f"for={ADDRESS}",
    "X-Real-IP": ADDRESS,
    "Accept-Language": LANGUAGE,
    "Cookie": f"session={COOKIE}",
    "Referer": f"http://{COOKIE}/",
}
MARKS = (ADDRESS, AGENT, COOKIE, COMMENT, LANGUAGE)


@dataclass(frozen=True)
class Reply:
    """What came back: everything."""

    status: int
    headers: tuple[tuple[str, str], ...]
    page: str


@dataclass(frozen=True)
class Telltale:
    """Sends every request with the same marks to a real server."""

    url: str

    def get(self, path: str) -> Reply:
        """Ask for a page."""
        return self._ask("GET", path)

    def post(self, path: str, fields: Mapping[str, str]) -> Reply:
        """Send a form."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields).encode(), form)

    def post_raw(self, path: str, body: bytes, kind: str) -> Reply:
        """Send any bytes at all."""
        return self._ask("POST", path, body, {"Content-Type": kind})

    def mangle(self, request: str) -> None:
        """Send what no browser sends, and hear the server out."""
        at = urlsplit(self.url)
        with socket.create_connection((at.hostname or "", at.port or 0)) as line:
            line.sendall(request.encode())
            while line.recv(4096):
                pass

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        more: Mapping[str, str] | None = None,
    ) -> Reply:
        at = urlsplit(self.url)
        line = http.client.HTTPConnection(at.hostname or "", at.port or 0, timeout=30)
        try:
            line.request(method, path, body or None, {**TELLTALE, **(more or {})})
            answer = line.getresponse()
            page = answer.read().decode()
            return Reply(answer.status, tuple(answer.getheaders()), page)
        finally:
            line.close()
