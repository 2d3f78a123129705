"""Themes of what was written about somebody, in the words of the office's readers.

Whoever is rated reads no comment, only themes, and those once a second reader agrees.
New themes are a new version: what two readers agreed on before is told until then.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ForeignKey, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.accounts.second_person import given_so_far, refuse_one_person
from survey_app.domain.ground.clean_text import clean_comment
from survey_app.domain.ground.refusals import EditRefused, NotFound, ThemesChanged
from survey_app.survey.review_comment import require_readable
from survey_app.table_base import Base

MOST = 10
"""Themes of one subject in one survey."""
LONGEST = 60
"""Characters of one: a theme is a few words, not a text."""


class CommentThemes(Base):
    """One version of the themes about one subject of a survey."""

    __tablename__ = "comment_themes"

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, 2, …; of two who write the same version at once one is told."""
    text: Mapped[str]
    """One theme a line; empty: nothing is to be told any more."""
    written_by: Mapped[str]
    written_on: Mapped[date]
    given_before: Mapped[int]
    """How long the list of given passwords and confirmations was then."""
    agreed_by: Mapped[str] = mapped_column(default="")
    """The second reader; nobody yet where it is empty."""
    agreed_on: Mapped[date | None]


def in_lines(typed: str) -> list[str]:
    """Return the themes of a text, one a line; empty lines are none."""
    return [line for line in clean_comment(typed).split("\n") if line]


@dataclass(frozen=True, slots=True)
class ThemesReading:
    """Whose comments were read, by which account, and when."""

    survey_id: int
    subject_id: int
    account: str
    today: date


def write_themes(
    session: Session, reading: ThemesReading, text: str, *, expected_version: int
) -> None:
    """Write the version after the one that was seen; it waits for a second reader.

    Raises EditRefused for more than MOST themes or a longer one than LONGEST,
    ThemesChanged where somebody else wrote meanwhile, SurveyVoid, ResultsSealed, or
    CommentsSealed where nobody reads comments.
    """
    lines = in_lines(text)
    if len(lines) > MOST or any(len(line) > LONGEST for line in lines):
        raise EditRefused
    about = reading.survey_id, reading.subject_id
    try:
        require_readable(session, *about)
        latest = latest_themes(session, *about)
        if (latest.version if latest else 0) != expected_version:
            raise ThemesChanged
    except Exception:
        session.rollback()
        raise
    session.add(
        CommentThemes(
            survey_id=reading.survey_id, subject_id=reading.subject_id,
            version=expected_version + 1, text="\n".join(lines),
            written_by=reading.account, written_on=reading.today,
            given_before=given_so_far(session),
        )
    )  # fmt: skip
    try:
        session.commit()
    except IntegrityError:
        session.rollback()
        raise ThemesChanged from None


def agree_on_themes(session: Session, reading: ThemesReading, version: int) -> None:
    """Let whom they are about be told these themes: a second reader agrees.

    Raises NotFound, ThemesChanged where a newer version was written or somebody agreed
    already, what `write_themes` raises, or what `refuse_one_person` raises.
    """
    about = reading.survey_id, reading.subject_id
    key = *about, version
    row = session.get(CommentThemes, key, with_for_update=True, populate_existing=True)
    try:
        if row is None:
            raise NotFound
        require_readable(session, *about)
        latest = latest_themes(session, *about)
        if latest is not row or row.agreed_by:
            raise ThemesChanged
        refuse_one_person(
            session, first=row.written_by, second=reading.account,
            since=row.given_before,
        )  # fmt: skip
    except Exception:
        session.rollback()
        raise
    row.agreed_by, row.agreed_on = reading.account, reading.today
    session.commit()


def latest_themes(
    session: Session, survey_id: int, subject_id: int, *, agreed: bool = False
) -> CommentThemes | None:
    """Return the newest version, or the newest that two readers agreed on."""
    of_it = select(CommentThemes).where(
        CommentThemes.survey_id == survey_id, CommentThemes.subject_id == subject_id
    )
    if agreed:
        of_it = of_it.where(CommentThemes.agreed_by != "")
    newest = of_it.order_by(CommentThemes.version.desc()).limit(1)
    return session.scalars(newest).first()
