"""Files that were made beside the requests, to be taken away more than once.

They lie in the database, cut into parts, so that every machine sees them, nobody holds
one whole and no write takes long. What a file was made from stands beside it: once that
is otherwise the file is made anew. Together they take a bounded room; who was made
first goes first.
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from sqlalchemy import (
    Engine,
    ForeignKey,
    Index,
    LargeBinary,
    Select,
    delete,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.database import key_at, writing
from survey_app.domain.ground.refusals import PlanChanged
from survey_app.table_base import Base

PART = 512 * 1024
"""Bytes of one part, and so of one write."""
ROOM = 512 * 1024 * 1024
"""Bytes that all files may take together; a city's workbook has about 30 MB."""


class KeptFile(Base):
    """One file, once it is whole."""

    __tablename__ = "kept_file"
    __table_args__ = (
        Index(None, "kind", "about", "detail"),
        # Whoever is reading one never gets the parts of another.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    about: Mapped[int]
    """The survey or cycle it is about."""
    detail: Mapped[str]
    """In which language."""
    made_from: Mapped[str]
    """Digest of all that it was made from."""
    size: Mapped[int]
    """Bytes; none while it is not whole."""


class KeptPart(Base):
    """A part of one file."""

    __tablename__ = "kept_part"

    file_id: Mapped[int] = mapped_column(
        ForeignKey("kept_file.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    seal: Mapped[str]
    """Over file, number and content, by the key of the other seals; or their digest."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which file is meant."""

    kind: str
    about: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FileAtHand:
    """A file that can be taken away."""

    id: int
    about: int
    size: int


def file_at_hand(
    session: Session, asked: Asked, *, made_from: str
) -> FileAtHand | None:
    """Return the file that was made from the same; None: it has to be made."""
    whole = _of(asked).where(KeptFile.made_from == made_from, KeptFile.size > 0)
    row = session.scalars(whole.order_by(KeptFile.id.desc()).limit(1)).first()
    return None if row is None else FileAtHand(row.id, row.about, row.size)


def parts_of(engine: Engine, file: FileAtHand) -> Iterator[bytes]:
    """Yield the file part by part; no connection is held in between.

    Raises PlanChanged where a part is not the one that was kept.
    """
    read = number = 0
    while read < file.size:
        with engine.connect() as connection:
            part = connection.execute(
                select(KeptPart.content, KeptPart.seal).where(
                    KeptPart.file_id == file.id, KeptPart.number == number
                )
            ).one_or_none()
        if part is None or _seal(engine, file.id, number, part.content) != part.seal:
            raise PlanChanged(file.about)
        yield part.content
        read, number = read + len(part.content), number + 1


def keep_file(
    engine: Engine, asked: Asked, *, made_from: str, file: IO[bytes], room: int = ROOM
) -> None:
    """Keep a file in the place of those that were made before, part by part.

    `room` is what all of them may take; the newest is kept whatever it takes.
    """
    with Session(writing(engine)) as session:
        kept = KeptFile(
            kind=asked.kind,
            about=asked.about,
            detail=asked.detail,
            made_from=made_from,
            size=0,
        )
        session.add(kept)
        session.flush()
        number = kept.id
        session.commit()
    size = 0
    for place, content in enumerate(iter(lambda: file.read(PART), b"")):
        part = KeptPart(
            file_id=number,
            number=place,
            content=content,
            seal=_seal(engine, number, place, content),
        )
        with Session(writing(engine)) as session:
            session.add(part)
            session.commit()
        size += len(content)
    with writing(engine).begin() as connection:
        connection.execute(
            update(KeptFile).where(KeptFile.id == number).values(size=size)
        )
    _make_room(engine, asked, newest=number, room=room)


def _make_room(engine: Engine, asked: Asked, *, newest: int, room: int) -> None:
    """Forget earlier files of the same place, and the oldest where room is short."""
    with engine.connect() as connection:
        replaced = set(connection.scalars(_of(asked).with_only_columns(KeptFile.id)))
        every = connection.execute(
            select(KeptFile.id, KeptFile.size).order_by(KeptFile.id.desc())
        ).all()
    for number, size in every:
        if number < newest and (number in replaced or size > room):
            _forget(engine, number)
        else:
            room -= size


def _forget(engine: Engine, number: int) -> None:
    """Take a file away part by part: what is deleted is overwritten."""
    ours = KeptPart.file_id == number
    with engine.connect() as connection:
        places = connection.scalars(select(KeptPart.number).where(ours)).all()
    for place in sorted(places, reverse=True):
        with writing(engine).begin() as connection:
            connection.execute(delete(KeptPart).where(ours, KeptPart.number == place))
    with writing(engine).begin() as connection:
        connection.execute(delete(KeptFile).where(KeptFile.id == number))


def _of(asked: Asked) -> Select[KeptFile]:
    return select(KeptFile).where(
        KeptFile.kind == asked.kind,
        KeptFile.about == asked.about,
        KeptFile.detail == asked.detail,
    )


def _seal(engine: Engine, number: int, place: int, content: bytes) -> str:
    whole = f"{number} {place} ".encode() + content
    key = key_at(engine)
    if key is None:
        return hashlib.sha256(whole).hexdigest()
    return hmac.digest(key, whole, "sha256").hex()
