"""Ask for work beside the request, and see how far it is."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import event, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey_app.database import QUEUE
from survey_app.domain.ground.refusals import NotFound
from survey_app.jobs.job_queue import ring
from survey_app.jobs.tables import FAILED, RUNNING, UNFINISHED, JobRow

Progress = Callable[[int, int], None]
"""Called with how many steps are done and how many there are, between transactions."""


def untold(_done: int, _total: int) -> None:
    """Whoever does not ask hears nothing of how far it is."""


def part_of(progress: Progress, place: int, parts: int) -> Progress:
    """Return what tells how far one of several parts is, as a part of the whole."""

    def tell(done: int, total: int) -> None:
        whole = total or 1
        progress(place * whole + min(done, whole), parts * whole)

    return tell


@dataclass(frozen=True, slots=True)
class Job:
    """How far a job is."""

    id: int
    kind: str
    about: int
    detail: str
    state: str
    done: int
    total: int
    asked_by: str
    failure: str

    @property
    def is_unfinished(self) -> bool:
        """Whether something of it is still to come."""
        return self.state in UNFINISHED

    @property
    def percent(self) -> int:
        """How much of it is done, in whole percent; 0 where nobody knows."""
        return min(100, 100 * self.done // self.total) if self.total else 0


_COLUMNS = [getattr(JobRow, name) for name in Job.__dataclass_fields__]


def ask_for(
    session: Session, kind: str, *, about: int, detail: str = "", account: str = ""
) -> int:
    """Put a job on the list and return its number; does not commit.

    It begins once the caller has committed. While an equal one is unfinished that is
    the one; where it runs already it is run once more, because what it has read may
    have changed.
    """
    found = _unfinished(session, kind, about, detail)
    if found is None:
        made = JobRow(kind=kind, about=about, detail=detail, asked_by=account)
        try:
            with session.begin_nested():
                session.add(made)
        except IntegrityError:  # somebody else asked for it at this moment
            found = _unfinished(session, kind, about, detail)
    number = made.id if found is None else found
    _ring_after(session, number)
    return number


def _unfinished(session: Session, kind: str, about: int, detail: str) -> int | None:
    """Return the equal job that is unfinished, and let a running one come again."""
    equal = (
        JobRow.kind == kind,
        JobRow.about == about,
        JobRow.detail == detail,
        JobRow.state.in_(UNFINISHED),
    )
    again = update(JobRow).where(*equal, JobRow.state == RUNNING).values(again=True)
    session.execute(again, execution_options={"synchronize_session": False})
    return session.scalar(select(JobRow.id).where(*equal))


def _ring_after(session: Session, number: int) -> None:
    """Tell the queue about a job as soon as others can see it."""
    queue: str = session.get_bind().get_execution_options().get(QUEUE, "")
    if queue:
        event.listen(session, "after_commit", lambda _: ring(queue, number), once=True)


def start_again(session: Session, number: int) -> int:
    """Let a job that failed begin once more, and return its new number.

    Raises NotFound for one that did not fail.
    """
    failed = JobRow.id == number, JobRow.state == FAILED
    row = session.scalar(select(JobRow).where(*failed))
    if row is None:
        raise NotFound
    asked = (row.kind, row.about, row.detail, row.asked_by)
    kind, about, detail, account = asked
    new = ask_for(session, kind, about=about, detail=detail, account=account)
    session.commit()
    return new


def job_of(session: Session, number: int) -> Job | None:
    """Return a job; None: there is none of this number."""
    row = session.execute(select(*_COLUMNS).where(JobRow.id == number)).one_or_none()
    return None if row is None else Job(*row)


def latest_job(
    session: Session, kind: str, *, about: int, detail: str | None = None
) -> Job | None:
    """Return the job of this kind that was asked for last; None: never one."""
    asked = select(*_COLUMNS).where(JobRow.kind == kind, JobRow.about == about)
    if detail is not None:
        asked = asked.where(JobRow.detail == detail)
    row = session.execute(asked.order_by(JobRow.id.desc()).limit(1)).first()
    return None if row is None else Job(*row)


def unfinished_jobs(session: Session) -> list[int]:
    """Return all jobs that wait, run, or ran when their worker ended."""
    waiting = select(JobRow.id).where(JobRow.state.in_(UNFINISHED)).order_by(JobRow.id)
    return list(session.scalars(waiting))
