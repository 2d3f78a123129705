"""Two PostgreSQL: one writes, and the other one has it before it is acknowledged."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

import psycopg
from sqlalchemy import make_url

from tests.conftest import own_postgresql
from tests.support.postgresql import PostgreSQL

WAIT_FOR_BOTH = (
    "ALTER SYSTEM SET synchronous_standby_names = 'FIRST 1 (*)'",
    "SELECT pg_reload_conf()",
)
"""What is acknowledged lies on both disks then."""
IN_STEP = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"


@dataclass(frozen=True)
class Pair:
    """A server that writes and one that follows it."""

    first: Path
    second: Path
    programs: Path
    owner: os.stat_result

    def url(self, database: str = "postgres") -> str:
        """Return an address that leads to whichever of them writes."""
        hosts = f"host={self.first},{self.second}"
        writes = "target_session_attrs=read-write"
        return f"postgresql://postgres@/{database}?{hosts}&{writes}"

    def kill_first(self) -> None:
        """Let the one that writes die where it stands."""
        told = (self.first / "postmaster.pid").read_text("ascii")
        os.kill(int(told.split()[0]), signal.SIGKILL)

    def promote_second(self) -> None:
        """Let the one that followed write."""
        self.run("pg_ctl", "promote", "-D", self.second)

    def run(self, program: str, *words: object) -> None:
        """Run a program of PostgreSQL as the user its files belong to."""
        # Into a file: a server that it starts would keep a pipe open for good.
        with TemporaryFile() as said:
            done = subprocess.run(
                [self.programs / program, *(str(word) for word in words)],
                check=False,
                user=self.owner.st_uid,
                group=self.owner.st_gid,
                extra_groups=[],
                cwd="/",
                stdout=said,
                stderr=said,
            )
            said.seek(0)
            assert not done.returncode, said.read().decode("utf-8", "replace")


@contextmanager
def replicated() -> Iterator[Pair]:
    """Give both, in step; end them afterwards."""
    with (
        own_postgresql() as server,
        TemporaryDirectory(prefix="survey-follows-") as folder,
    ):
        pair = _pair(server, Path(folder))
        pair.run(
            "pg_basebackup", "-h", pair.first, "-U", "postgres", "-D", pair.second,
            "--write-recovery-conf", "--checkpoint=fast", "--wal-method=stream",
        )  # fmt: skip
        # The socket of the first one lies among its files, and its lock came along.
        (pair.second / ".s.PGSQL.5432.lock").unlink()
        listens, log = f"-k {pair.second} -h ''", pair.second / "log"
        pair.run("pg_ctl", "start", "-w", "-D", pair.second, "-o", listens, "-l", log)
        try:
            _keep_in_step(server)
            yield pair
        finally:
            pair.run("pg_ctl", "stop", "-m", "immediate", "-D", pair.second)


def _pair(server: PostgreSQL, second: Path) -> Pair:
    """Return both, the second one still an empty folder."""
    first = Path(str(make_url(server.url).query["host"]))
    program = (first / "postmaster.opts").read_text("utf-8").split()[0]
    owner = first.stat()
    os.chown(second, owner.st_uid, owner.st_gid)
    return Pair(first, second, Path(program).parent, owner)


def _keep_in_step(server: PostgreSQL) -> None:
    """Let nothing be acknowledged from now on that does not lie on both."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        for statement in WAIT_FOR_BOTH:
            connection.execute(statement)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if connection.execute(IN_STEP).fetchone() == (1,):
                return
            time.sleep(0.01)  # nothing signals that a foreign process has come so far
    raise RuntimeError("the second server does not follow")
