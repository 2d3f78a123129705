"""The office's own questionnaires and schemes, each version a row of its own."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.table_base import Base

QUESTIONNAIRE, SCHEME = "questionnaire", "scheme"
KINDS = (QUESTIONNAIRE, SCHEME)
DRAFT, READY, WITHDRAWN = "draft", "ready", "withdrawn"


class RuleText(Base):
    """One version of a questionnaire or scheme that this office wrote itself."""

    __tablename__ = "rule_text"
    __table_args__ = (
        UniqueConstraint("kind", "key", "version"),
        CheckConstraint("kind IN ('questionnaire', 'scheme')", "kind"),
        CheckConstraint("state IN ('draft', 'ready', 'withdrawn')", "state"),
        CheckConstraint("state = 'draft' OR ready_by <> ''", "ready_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    key: Mapped[str]
    """What schemes and cycles call it; all its versions share it."""
    version: Mapped[int]
    state: Mapped[str] = mapped_column(default=DRAFT)
    text: Mapped[str]
    """TOML; of a draft it may have faults, of all else it has none and stays."""
    fingerprint: Mapped[str] = mapped_column(default="")
    """Of what the text says; empty for a draft."""
    title_zh: Mapped[str] = mapped_column(default="")
    title_en: Mapped[str] = mapped_column(default="")
    saved: Mapped[int] = mapped_column(default=0)
    """How often the draft was saved: whoever saves says what he has seen."""
    made_by: Mapped[str]
    made_on: Mapped[date]
    changed_by: Mapped[str] = mapped_column(default="")
    changed_on: Mapped[date | None]
    ready_by: Mapped[str] = mapped_column(default="")
    ready_on: Mapped[date | None]
    withdrawn_by: Mapped[str] = mapped_column(default="")
    withdrawn_on: Mapped[date | None]

    @property
    def title(self) -> Bilingual:
        """What it is called; of a draft without a title its key."""
        zh, en = self.title_zh or self.title_en, self.title_en or self.title_zh
        return Bilingual(zh or self.key, en or self.key)

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.state == DRAFT
