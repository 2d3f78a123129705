"""A small town that is served and answered, and what must be true of it afterwards."""

import io
import os
import signal
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.audit.integrity import findings
from survey_app.database import borrowed_main_engine, writing
from survey_app.demo.county import QUESTIONNAIRE
from survey_app.domain.ground.printed_code import printed_receipt
from survey_app.serving.server import PROGRAM, RunningServer, running_program
from survey_app.settings import Settings
from survey_app.shipped_files import shipped_questionnaire
from survey_app.survey.closing import close_survey
from survey_app.survey.counters import choice_counts
from survey_app.survey.recount import picked_in_answers
from survey_app.survey.responses import Receipt, Response
from tests.benchmark import city
from tests.faults.crowd import CHOICE, Crowd, Told
from tests.support.postgresql import PostgreSQL

PEOPLE = 12
QUESTIONS = [one.key for one in shipped_questionnaire(QUESTIONNAIRE).questions]


@dataclass(frozen=True, slots=True)
class Before:
    """What was counted before anybody of the crowd came."""

    receipts: int
    picked: Counter[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a town after a fault."""

    told: Told
    missing: int
    """Receipts that were promised and are nowhere."""
    doubled: int
    """Answers that lie there more than once."""
    counted: bool
    """Whether the tally after closing is a recount of the answers, and fits."""
    found: tuple[str, ...]
    """What `survey check` says."""

    @property
    def holds(self) -> bool:
        """Whether everything is as it should be."""
        return (
            not (self.missing or self.doubled or self.told.bare or self.told.unheard)
            and self.counted
            and not self.found
        )


class Town:
    """One town in a folder, on either kind of database."""

    def __init__(
        self, folder: Path, *, units: int, answers: int,
        postgresql: PostgreSQL | None = None, database_url: str = "",
    ) -> None:  # fmt: skip
        with redirect_stdout(io.StringIO()):
            built = city.made_in(folder, units, answers, database_url)
        self.folder = folder
        self.settings: Settings = built.settings
        self.survey_id = built.open_survey
        self.codes = built.codes
        self.postgresql = postgresql
        self.server: RunningServer | None = None
        self.before = self._counted()

    @property
    def file(self) -> Path | None:
        """The SQLite file of the town; None on PostgreSQL."""
        found = self.settings.database_url.removeprefix("sqlite:///")
        return None if found == self.settings.database_url else Path(found)

    @contextmanager
    def served(self, **environment: str) -> Iterator[Crowd]:
        """Serve it as it ships until the block ends; give a crowd for it."""
        told = {
            f"SURVEY_{name.upper()}": str(value)
            for name, value in asdict(self.settings).items()
        }
        with (
            tempfile.NamedTemporaryFile() as log,
            running_program(PROGRAM, told | environment, log.file) as server,
        ):
            self.server = server
            yield Crowd(server.url, self.codes, QUESTIONS)

    def processes(self, word: str) -> list[int]:
        """Return the processes of the server with this word in their command."""
        assert self.server
        wanted = str(self.server.process.pid)
        found = []
        for folder in Path("/proc").iterdir():
            try:
                stat = (folder / "stat").read_text("ascii", "replace")
                command = (folder / "cmdline").read_text("utf-8", "replace")
            except OSError:
                continue
            if stat.rpartition(")")[2].split()[3] == wanted and word in command:
                found.append(int(folder.name))
        return sorted(found)

    def master(self) -> int:
        """Return gunicorn's first process."""
        served = self.processes("gunicorn")
        return next(pid for pid in served if _parent(pid) not in served)

    def workers(self) -> list[int]:
        """Return the processes that answer."""
        master = self.master()
        return [pid for pid in self.processes("gunicorn") if _parent(pid) == master]

    def _counted(self) -> Before:
        with borrowed_main_engine(self.settings) as engine, Session(engine) as session:
            asked = select(func.count()).where(Receipt.survey_id == self.survey_id)
            return Before(session.scalar(asked) or 0, self._picked(session))

    def _picked(self, session: Session) -> Counter[str]:
        """Return question → how many answers say what the crowd says."""
        found: Counter[str] = Counter()
        for (*_, question, choice), n in picked_in_answers(
            session, self.survey_id
        ).items():
            if choice == CHOICE:
                found[question] += n
        return found

    def outcome(self, told: Told, *, is_closed: bool = False) -> Outcome:
        """Close the survey and say what became of everything that was promised."""
        with borrowed_main_engine(self.settings) as engine:
            if not is_closed:
                with Session(writing(engine)) as session:
                    close_survey(session, self.survey_id)
            with Session(engine) as session:
                ours = Receipt.survey_id == self.survey_id
                codes = session.scalars(select(Receipt.code).where(ours)).all()
                receipts = {printed_receipt(bytes(code)) for code in codes}
                stored = select(func.count()).where(
                    Response.survey_id == self.survey_id
                )
                new = len(receipts) - self.before.receipts
                picked = picked_in_answers(session, self.survey_id)
                counts = choice_counts(session, [self.survey_id])[self.survey_id]
                more = self._picked(session) - self.before.picked
                found = tuple(str(one) for one in findings(engine, None))
                doubled = (session.scalar(stored) or 0) - len(receipts)
        return Outcome(
            told, len(told.acknowledged - receipts), doubled,
            counts == picked and set(more.values()) <= {new}, found,
        )  # fmt: skip


def _parent(pid: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
    except OSError:
        return 0
    return int(stat.rpartition(")")[2].split()[1])


def kill(*pids: int) -> None:
    """End these at once, as a power cut would; who is gone already is gone."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
