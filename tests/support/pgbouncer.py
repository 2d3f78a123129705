"""Debian's PgBouncer in front of a PostgreSQL, lending servers by the transaction."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url

from survey_app.serving.server import free_port
from tests.support.postgresql import PostgreSQL

CONFIGURATION = """
[databases]
* = host={folder} user=postgres

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {servers}
server_idle_timeout = 1
query_wait_timeout = 10
"""


@contextmanager
def pooled(server: PostgreSQL, database_url: str, *, servers: int) -> Iterator[str]:
    """Give the address of a database behind a pool of so many servers."""
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin")
    if program is None:
        pytest.skip("the package pgbouncer is not installed")
    folder, port = Path(str(make_url(server.url).query["host"])), free_port()
    told = folder / f"pgbouncer-{port}.ini"
    filled = CONFIGURATION.format(folder=folder, port=port, servers=servers)
    told.write_text(filled, "ascii")
    told.chmod(0o644)
    # It declines to run as root; whoever owns the socket may use it.
    owner = folder.stat()
    with subprocess.Popen(
        [program, "--quiet", told],
        user=owner.st_uid,
        group=owner.st_gid,
        extra_groups=[],
        stderr=subprocess.DEVNULL,
    ) as pool:
        try:
            there = make_url(database_url).set(
                host="127.0.0.1", port=port, query={}, username="postgres"
            )
            url = there.render_as_string(hide_password=False)
            _wait_for(port)
            yield url
        finally:
            pool.kill()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.01)  # nothing signals that a foreign process listens
        else:
            return
    raise RuntimeError("PgBouncer did not start")
