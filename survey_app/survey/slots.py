"""In which slot an answer lies, and the gate that closing goes through.

A slot spreads one huge survey over the machines of a distributed database. Which ones a
survey has is settled when it opens, whatever the settings say later: otherwise a form
that is sent again would be looked for where it never was.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.database import SLOTS
from survey_app.distribution import broken_on_nodes, even_slots, is_distributed
from survey_app.domain.ground.refusals import UnsafeServer
from survey_app.table_base import Base


class Gate(Base):
    """What a batch holds in share and closing holds alone, in one slot of a survey.

    A row of no other use: who writes a million answers must not lock the survey's own
    row, which office pages read, and which lies on another machine than its answers.
    """

    __tablename__ = "intake_gate"
    __table_args__ = ({"sqlite_with_rowid": False},)

    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    survey_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


def slots_at_opening(session: Session) -> str:
    """Return the slots of a survey that opens now, as its row keeps them.

    Over a distributed database they lie evenly; elsewhere it makes no difference.
    """
    wanted = _settings(session)
    slots: Iterable[int] = range(wanted)
    if wanted > 1 and is_distributed(session.connection()):
        slots = even_slots(session.connection(), wanted)
    return ",".join(map(str, slots))


def require_safe_nodes(session: Session) -> None:
    """Raise UnsafeServer where a node of a distributed database would keep answers."""
    if session.get_bind().dialect.name != "postgresql":
        return  # and no write lock is taken for a question
    broken = tuple(broken_on_nodes(session.connection()))
    if broken:
        session.rollback()
        raise UnsafeServer(*broken)


def slots_in(kept: str | None, otherwise: int) -> tuple[int, ...]:
    """Return the slots of a survey.

    One that opened before they were kept has as many as the settings say.
    """
    return tuple(map(int, kept.split(",") if kept else range(otherwise)))


def slots_of(session: Session, kept: str | None) -> tuple[int, ...]:
    """Return the slots of a survey, told by whoever works with this session."""
    return slots_in(kept, _settings(session))


def shut_gates(session: Session, survey_id: int, kept: str | None) -> None:
    """Wait for every batch that writes answers of the survey; later ones wait for us.

    SQLite has one writer at a time and needs no gate. A gate that nobody has gone
    through yet is made first: whoever else makes it waits for us, or we for him.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    # In the order in which batches go through them, so that nobody waits in a ring.
    for slot in sorted(slots_of(session, kept)):
        row = {"slot": slot, "survey_id": survey_id}
        session.execute(postgresql.insert(Gate).on_conflict_do_nothing(), row)
        ours = (Gate.slot == slot, Gate.survey_id == survey_id)
        session.execute(select(Gate.slot).where(*ours).with_for_update())


def _settings(session: Session) -> int:
    slots: int = session.get_bind().get_execution_options().get(SLOTS, 1)
    return slots
