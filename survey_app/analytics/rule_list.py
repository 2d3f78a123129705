"""The list of questionnaires and schemes that the office wrote itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from survey_app.analytics.paging import (
    ListAsked,
    ListColumns,
    ListPage,
    anywhere,
    page_of,
)
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.scheme import Scheme
from survey_app.rulebook.tables import DRAFT, RuleText

_RULES = ListColumns(
    always=(RuleText.key, RuleText.version.desc()),
    search=(RuleText.title_zh, RuleText.title_en, RuleText.key),
    within=anywhere,
)


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """One version as the list shows it."""

    row: RuleText
    newest: int
    """The newest version under its key."""
    is_offered: bool
    """Whether this very version is what surveys and cycles choose from."""
    has_draft: bool
    """Whether a version of its key is being written."""

    @property
    def is_newest(self) -> bool:
        """Whether no later version stands there."""
        return self.row.version == self.newest


def rules_page(
    session: Session,
    kind: str,
    asked: ListAsked,
    offered: Mapping[str, Questionnaire | Scheme],
) -> ListPage[ListedVersion]:
    """Return one page of the versions of this kind, the newest of a key first."""
    chosen = select(RuleText.id).where(RuleText.kind == kind)
    page = page_of(session, chosen, _RULES, asked)
    ids = [row.id for row in page.rows]
    if not ids:
        return page.holding([])
    rows = session.scalars(
        select(RuleText).where(RuleText.id.in_(ids)).options(defer(RuleText.text))
    )
    found = {row.id: row for row in rows}
    newest = _newest(session, kind, {row.key for row in found.values()})
    return page.of(lambda one: _listed(found[one.id], newest, offered))


def versions_of(session: Session, rule: RuleText) -> list[RuleText]:
    """Return all versions under the key of this one, the newest first."""
    ours = select(RuleText).where(RuleText.kind == rule.kind, RuleText.key == rule.key)
    return list(session.scalars(ours.order_by(RuleText.version.desc())))


def _newest(session: Session, kind: str, keys: set[str]) -> dict[str, tuple[int, int]]:
    """Return key → its newest version, and how many drafts it has."""
    of_key = (
        select(
            RuleText.key,
            func.max(RuleText.version),
            func.count().filter(RuleText.state == DRAFT),
        )
        .where(RuleText.kind == kind, RuleText.key.in_(keys))
        .group_by(RuleText.key)
    )
    return {key: (newest, drafts) for key, newest, drafts in session.execute(of_key)}


def _listed(
    row: RuleText,
    newest: Mapping[str, tuple[int, int]],
    offered: Mapping[str, Questionnaire | Scheme],
) -> ListedVersion:
    now = offered.get(row.key)
    version, drafts = newest[row.key]
    return ListedVersion(
        row,
        version,
        is_offered=now is not None and now.fingerprint == row.fingerprint,
        has_draft=bool(drafts),
    )
