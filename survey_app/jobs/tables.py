"""What is worked off beside the requests: one row for each thing somebody asked for."""

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.table_base import Base, waiting

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
UNFINISHED = (WAITING, RUNNING)
_UNFINISHED = text("state IN ('waiting', 'running')")


class JobRow(Base):
    """One job; this table is the truth, a queue only says that there is one.

    It knows numbers of surveys and cycles and words of ours, never an answer.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed')", name="state"
        ),
        Index(None, "kind", "about", "detail"),
        waiting("job", "asked_by", which="state = 'failed'"),
        Index(
            "uq_job_unfinished", "kind", "about", "detail", unique=True,
            sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED,
        ),
        # A page that shows a job never shows another one's under its number.
        {"sqlite_autoincrement": True},
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    about: Mapped[int]
    """The survey or the cycle it is about."""
    detail: Mapped[str] = mapped_column(default="")
    """What of it exactly, where a kind needs to know more."""
    state: Mapped[str] = mapped_column(default=WAITING)
    again: Mapped[bool] = mapped_column(default=False)
    """Asked for once more while it ran: what it read may have changed since."""
    tries: Mapped[int] = mapped_column(default=0)
    """How often it was begun; one that ends its worker every time is given up."""
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    """How many steps there are, as far as is known; 0: not known yet."""
    asked_by: Mapped[str] = mapped_column(default="")
    """The account that asked; empty: the platform itself."""
    failure: Mapped[str] = mapped_column(default="")
    """The name of the refusal that ended it, or of what else did; empty: nothing."""
