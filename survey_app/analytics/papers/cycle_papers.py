"""The papers of a cycle as HTML: a sheet for each subject, a summary, a public notice.

They say what the pages say, in the layout of official papers. The public notice names
no person and no number about one: what of it is announced is decided by people.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.analytics.file_words import translation
from survey_app.analytics.kept.alert_list import ListedAlert
from survey_app.analytics.kept.sheet_pages import every_score
from survey_app.analytics.paging import ListPage
from survey_app.analytics.papers.cycle_facts import CycleFacts
from survey_app.analytics.papers.cycle_sheets import CycleSheet
from survey_app.analytics.papers.printed import drawn
from survey_app.domain.ground.wording import sentences
from survey_app.domain.scheme.scheme import SubjectKind
from survey_app.domain.scoring.score_sheet import NodeKind, rounded
from survey_app.domain.scoring.written_sheet import WrittenNode, WrittenSheet
from survey_app.survey.settling.correction import CONFIRMED, Correction

MOST_ROWS = 18
"""Rows of a table that leave room for the rest of a sheet on its one page."""
MOST_NOTES = 3
BAND = 5
"""Points that are counted together in a summary."""
INSIDE = (NodeKind.QUESTION, NodeKind.RATING, NodeKind.CHOICE)
Alerts = Mapping[int, Sequence[ListedAlert]]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line of the table on a sheet."""

    depth: int
    label: str
    weight: str
    value: str
    adds: str


@dataclass(frozen=True, slots=True)
class ScoreBand:
    """How many have an overall score from `low` to below `high`."""

    low: int
    high: int
    count: int
    share: Fraction


@dataclass(frozen=True, slots=True)
class Spread:
    """What a summary says of all overall scores."""

    every: int
    scored: int
    is_of_cadres: bool
    high: str
    low: str
    middle: str
    bands: tuple[ScoreBand, ...]


@dataclass(frozen=True, slots=True)
class Versions:
    """How often the numbers about each subject were corrected."""

    corrected: Mapping[int, int]

    def of(self, one: CycleSheet) -> int:
        """Return the version of a sheet; that of what was settled is the first."""
        about = {one.found.subject_id, one.found.body_id}
        return 1 + sum(self.corrected.get(subject, 0) for subject in about)


def versions_in(session: Session, cycle_id: int) -> Versions:
    """Return the versions of a cycle's sheets, in one statement."""
    counted = select(Correction.subject_id, func.count()).where(
        Correction.cycle_id == cycle_id, Correction.state == CONFIRMED
    )
    rows = session.execute(counted.group_by(Correction.subject_id))
    return Versions({subject: many for subject, many in rows})  # noqa: C416 -- typed


def by_subject(alerts: Iterable[ListedAlert]) -> Alerts:
    """Return subject → its alerts that crossed."""
    found: defaultdict[int, list[ListedAlert]] = defaultdict(list)
    for alert in alerts:
        if alert.told.alert.crossed:
            found[alert.subject_id].append(alert)
    return found


def sheet_paper(
    facts: CycleFacts, one: CycleSheet, alerts: Alerts, version: int, language: str
) -> Markup:
    """Return the one-page sheet of a cadre or a leading body.

    A cadre's has the alerts about the leading body, too, as the unit's.
    """
    found = one.found
    said = sentences(found.sheet.remarks, translation(language), language)
    sheet = found.sheet.written(said, language)
    own = [(alert, False) for alert in alerts.get(found.subject_id, ())]
    units = alerts.get(found.body_id, ()) if found.body_id != found.subject_id else ()
    return drawn(
        "sheet",
        language,
        facts=facts,
        one=one,
        found=found,
        sheet=sheet,
        rows=_rows(sheet),
        notes=list(dict.fromkeys(sheet.blocked))[:MOST_NOTES],
        taken_out=[t for t in facts.taken_out if t.subject_id == found.subject_id],
        alerts=[*own, *((alert, True) for alert in units)],
        version=version,
    )


def _rows(sheet: WrittenSheet) -> list[SheetRow]:
    """Return components and their rater groups; without groups where they are many."""
    for deepest in (True, False):
        rows = list(_inside(sheet.root, 0, groups=deepest))
        if len(rows) <= MOST_ROWS:
            break
    return rows


def _inside(node: WrittenNode, depth: int, *, groups: bool) -> Iterator[SheetRow]:
    for part in node.parts:
        if part.kind in INSIDE or (part.kind is NodeKind.GROUP and not groups):
            continue
        yield SheetRow(depth, part.label, part.weight, part.value, part.adds)
        yield from _inside(part, depth + 1, groups=groups)


def spread_of(session: Session, cycle_id: int, facts: CycleFacts) -> Spread:
    """Return what a summary says of all overall scores of a cycle, as they are read.

    Raises PlanChanged where a line is not as it was kept.
    """
    told = every_score(session, cycle_id)
    every, places = told.total(), facts.scheme.places.value
    del told[""]
    scores = sorted((Fraction(text), many) for text, many in told.items())
    counted = Counter[int]()
    for score, many in scores:
        counted[int(score // BAND) * BAND] += many
    scored = counted.total()
    return Spread(
        every=every,
        scored=scored,
        is_of_cadres=facts.scheme.subject is SubjectKind.CADRE,
        high=rounded(scores[-1][0], places) if scores else "",
        low=rounded(scores[0][0], places) if scores else "",
        middle=rounded(_middle(scores, scored), places) if scores else "",
        bands=tuple(
            ScoreBand(low, low + BAND, count, Fraction(count, scored))
            for low, count in sorted(counted.items(), reverse=True)
        ),
    )


def _middle(scores: Sequence[tuple[Fraction, int]], scored: int) -> Fraction:
    """Return the score that as many have or exceed as stay below it."""
    upto = accumulate(many for _, many in scores)
    places = zip(scores, upto, strict=True)
    return next(score for (score, _), upto in places if upto > scored // 2)


def summary_paper(
    facts: CycleFacts,
    told: Spread,
    alerts: ListPage[ListedAlert],
    office: str,
    language: str,
) -> Markup:
    """Return the summary for the leading group.

    It lists one page of the alerts that crossed; the workbook has all of them.
    """
    return drawn(
        "summary",
        language,
        facts=facts,
        told=told,
        alerts=alerts,
        office=office,
    )


def notice_paper(
    facts: CycleFacts, told: Spread, office: str, contact: str, language: str
) -> Markup:
    """Return the public notice."""
    return drawn(
        "notice", language, facts=facts, told=told, office=office, contact=contact
    )
