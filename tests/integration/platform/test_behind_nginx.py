"""The configuration of nginx that we hand out, in Debian's nginx: nothing is logged."""

import http.client
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy.orm import Session

from survey_app.database import borrowed_engine, writing
from survey_app.serving.server import free_port
from tests.conftest import Models
from tests.support.open_box import unissued_code
from tests.support.respondents import ALWAYS_OPEN, GOOD, Asked, ask_about
from tests.support.server import serving

DEPLOYED = Path(__file__).parents[3] / "config" / "deploy" / "nginx.conf"
NAME = "survey.example.org"
LIMIT = 16
"""Answers a minute from one place."""
AROUND = """
daemon off;
user root;
pid {folder}/pid;
error_log {folder}/main.log info;
events {{}}
http {{
    access_log {folder}/access.log;
    error_log {folder}/error.log info;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""
"""What Debian writes around a site, and louder: everything is logged unless the site
says otherwise."""


@dataclass(frozen=True)
class Front:
    """nginx in front of a server of ours."""

    folder: Path
    tls: int
    plain: int
    asked: Asked
    metrics: int = 0
    """Where the server behind it tells numbers."""

    @property
    def code(self) -> str:
        """The code of the survey that is asked."""
        return self.asked.code

    def ask(
        self, method: str, path: str, place: str = "127.0.0.1", **fields: str
    ) -> http.client.HTTPResponse:
        """Return the reply to somebody at this address of the loopback network."""
        trusting = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        with (
            socket.create_connection(("127.0.0.1", self.tls), 30, (place, 0)) as line,
            trusting.wrap_socket(line, server_hostname=NAME) as secure,
        ):
            return self.said(secure, method, path, **fields)

    def said(
        self, line: socket.socket, method: str, path: str, **fields: str
    ) -> http.client.HTTPResponse:
        """Return the reply on this connection, read to its end."""
        asking = http.client.HTTPConnection(NAME)
        asking.sock = line
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        told = {**kind, "X-Forwarded-For": "198.51.100.77", "User-Agent": "Loud/1"}
        body = urlencode(fields) if fields else None
        with suppress(BrokenPipeError, ConnectionResetError):  # it has heard enough
            asking.request(method, path, body, told)
        reply = asking.getresponse()
        reply.read()
        return reply

    def answer(self, place: str) -> int:
        """Send a complete form from this address; return the status."""
        form = {**GOOD, "submission": self.asked.new_submission()}
        return self.ask("POST", f"/s/{self.code}", place, **form).status


def certify(folder: Path) -> None:
    """Write a certificate for the name, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), False)  # noqa: FBT003 -- as it is called
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
    )
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def adapted(folder: Path, behind: str, tls: int, plain: int) -> str:
    """Return the site as it is handed out, with ports and folders of this test."""
    site = DEPLOYED.read_text("utf-8")
    for said, instead in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen [::]:80;", ""),
        ("listen 443 ssl;", f"listen 127.0.0.1:{tls} ssl;"),
        ("listen [::]:443 ssl;", ""),
        ("server 127.0.0.1:8000;", f"server {behind};"),
        ("/var/log/nginx/", f"{folder}/"),
        ("/etc/ssl/survey/", f"{folder}/"),
    ):
        assert said in site, said
        site = site.replace(said, instead)
    return site


@contextmanager
def fronting(folder: Path, behind: str, asked: Asked) -> Iterator[Front]:
    """Give an nginx in front of this address, with our site and all its files here."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    if program is None:
        pytest.skip("the package nginx-light is not installed")
    front = Front(folder, free_port(), free_port(), asked)
    certify(folder)
    site = adapted(folder, behind, front.tls, front.plain)
    (folder / "site.conf").write_text(site, "utf-8")
    around = folder / "nginx.conf"
    around.write_text(AROUND.format(folder=folder), "ascii")
    told = [program, "-c", str(around), "-p", str(folder)]
    told += ["-e", str(folder / "start.log")]
    with subprocess.Popen(told) as nginx:
        try:
            wait_for(front)
            yield front
        finally:
            nginx.terminate()


@pytest.fixture(scope="module")
def front(
    tmp_path_factory: pytest.TempPathFactory, sqlite_models: Models
) -> Iterator[Front]:
    """It, in front of the platform."""
    folder = tmp_path_factory.mktemp("nginx")
    file = shutil.copy(sqlite_models.main.database or "", folder / "survey.sqlite")
    url = f"sqlite:///{file}"
    with borrowed_engine(url) as engine, Session(writing(engine)) as db:
        asked = ask_about(db, ALWAYS_OPEN)
    told = {"trusted_proxies": 1, "answers_per_minute": LIMIT}
    with (
        serving(url, metrics_port=free_port(), **told) as server,
        fronting(folder, server.url.removeprefix("http://"), asked) as front,
    ):
        yield replace(front, metrics=server.settings.metrics_port)


def wait_for(front: Front) -> None:
    """Return once nginx listens."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", front.tls), 1).close()
            return
        time.sleep(0.01)  # nothing signals that a foreign process listens
    raise RuntimeError((front.folder / "main.log").read_text("utf-8"))


def test_an_answer_comes_through_and_its_receipt_goes_back(front: Front) -> None:
    page = front.ask("GET", f"/S/{front.code}")
    assert page.status == 200
    assert page.getheader("Strict-Transport-Security"), "it knows of https"
    assert page.getheader("Server") == "nginx"

    assert front.answer("127.0.9.9") == 303


def test_a_place_is_held_up_whatever_it_says_of_itself(front: Front) -> None:
    """The address that is counted is that of the connection."""
    said = [front.answer("127.0.1.5") for _ in range(3 * LIMIT)]

    assert 429 in said
    assert front.answer("127.0.2.5") == 303


def test_the_booth_knows_of_https_too(front: Front) -> None:
    """Its location sets headers of its own, and would inherit none."""
    for path in ("/b", "/B", "/office/sign-in"):
        assert front.ask("GET", path).getheader("Strict-Transport-Security"), path


def test_without_https_nothing_is_asked(front: Front) -> None:
    with socket.create_connection(("127.0.0.1", front.plain), 30) as line:
        sent_on = front.said(line, "GET", f"/s/{front.code}")

    assert sent_on.status == 301
    assert sent_on.getheader("Location") == f"https://{NAME}/s/{front.code}"


def test_the_processes_tell_their_numbers_together_and_apart_from_pages(
    front: Front,
) -> None:
    """By the hundred: of 201 pages one process has told at least that many."""
    for _ in range(201):
        assert front.ask("GET", f"/s/{front.code}").status == 200
    with urlopen(f"http://127.0.0.1:{front.metrics}/metrics") as reply:
        numbers = reply.read().decode()

    well = r'^survey_requests_total\{side="\w+",status="\dxx"\} (\S+)'
    told = sum(map(float, re.findall(well, numbers, re.M)))
    assert told >= 100
    assert told % 100 == 0
    assert 'survey_health{part="database"} 1.0' in numbers
    assert front.code not in numbers
    assert front.ask("GET", "/metrics").status == 404


def test_no_code_and_no_address_is_written_down(front: Front, tmp_path: Path) -> None:
    """Not of what went well, nor of what failed in any way we can think of."""
    slip, place = unissued_code(), "127.0.7.7"
    assert front.answer(place) == 303
    front.ask("GET", f"/s/{front.code}x", place)
    front.ask("POST", "/b", place, code=slip)
    large = front.ask("POST", f"/s/{front.code}", place, comment="x" * 200_000)
    assert large.status == 413
    with socket.create_connection(("127.0.0.1", front.tls), 30, (place, 0)) as line:
        line.sendall(b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00")  # no handshake at all
        line.recv(100)
    with socket.create_connection(("127.0.0.1", front.tls), 30, (place, 0)) as line:
        line.sendall(f"GET /s/{front.code} HTTP/1.1\r\n\r\n".encode())
        line.recv(100)
    nobody = f"127.0.0.1:{free_port()}"
    with fronting(tmp_path, nobody, front.asked) as before_nobody:
        assert before_nobody.ask("GET", f"/s/{front.code}", place).status == 502
        assert before_nobody.answer(place) == 502

    logs = [*front.folder.glob("*.log"), *tmp_path.glob("*.log")]
    assert len(logs) > 4
    for secret in (front.code, slip, place, "/s/", "/b", "submission", "Loud"):
        assert not [log for log in logs if secret in log.read_text("utf-8")], secret
