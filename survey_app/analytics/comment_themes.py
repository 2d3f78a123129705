"""Themes of comments: what is told to whom they are about, and what waits."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from survey_app.analytics.comments import Comments
from survey_app.survey.themes import CommentThemes, in_lines, latest_themes


@dataclass(frozen=True, slots=True)
class Themes:
    """One version of the themes about one subject, each a few words."""

    version: int
    lines: tuple[str, ...]
    written_by: str
    written_on: date
    agreed_by: str


@dataclass(frozen=True, slots=True)
class ThemesDesk:
    """What readers see of the themes about one subject."""

    told: Themes | None
    """What two readers agreed on last."""
    waiting: Themes | None
    """What was written since and waits for a second reader."""


def themes_desk(session: Session, about: Comments) -> ThemesDesk:
    """Return the themes as readers see them; raises CommentsSealed."""
    about.require_open()
    key = about.survey_id, about.subject_id
    newest = latest_themes(session, *key)
    told = latest_themes(session, *key, agreed=True)
    waiting = newest if newest is not None and not newest.agreed_by else None
    return ThemesDesk(_value(told), _value(waiting))


def themes_told(session: Session, about: Comments) -> tuple[str, ...]:
    """Return the themes that whom they are about may read; none where too few wrote."""
    if not about.is_open:
        return ()
    row = latest_themes(session, about.survey_id, about.subject_id, agreed=True)
    return tuple(in_lines(row.text)) if row else ()


def _value(row: CommentThemes | None) -> Themes | None:
    if row is None:
        return None
    return Themes(
        row.version,
        tuple(in_lines(row.text)),
        row.written_by,
        row.written_on,
        row.agreed_by,
    )
