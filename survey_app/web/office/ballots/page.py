"""The page of one secret ballot: how far it is, and what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template, request

from survey_app.analytics.ballot_desk import (
    BallotUnit,
    BoxNow,
    any_batches,
    batches_of,
    strayed,
    unit_names,
    units_page,
    units_with_batches,
)
from survey_app.analytics.office_lists import acts_of
from survey_app.analytics.paging import PER_PAGE, ListPage
from survey_app.analytics.written_papers import CEREMONY, written_paper
from survey_app.ballot.held_box import (
    commitments,
    key_holders,
)
from survey_app.ballot.tables import (
    CLOSED,
    COUNTED,
    DONE,
    ISSUING,
    OPEN,
    SCRUBBED,
    Batch,
)
from survey_app.ballot.while_open import quorum_reached
from survey_app.database import ballot_engine, session
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey import tables as survey_state
from survey_app.survey.tables import Survey
from survey_app.web.language import language
from survey_app.web.office.access import username
from survey_app.web.office.ballots.found import (
    found_state,
    group_namer,
    letters_of,
    merged_into,
    merges_of,
)
from survey_app.web.office.found import group_labels, state_of
from survey_app.web.office.listing import Listing, listing
from survey_app.web.office.surveys.foresight import expected_of, foresight_of
from survey_app.web.office.surveys.listed_parts import FIELDS, OF_PEOPLE, people_of

VOID = "void"
OF_UNITS = "c-"
"""What stands before the names of the list of units in the address; the list of
subjects carries them on, as it does those of channels on a survey's page."""
STRAYED = f"{OF_UNITS}strayed"
"""In the address of whoever asks for batches of units that left the draft."""
_BESIDE = tuple(f"{OF_PEOPLE}{name}" for name in FIELDS)
KEYS, DRAFTING, TICKETS, AUDITORS, OPENING, DRAWING = range(1, 7)
VOTING, CLOSING, DECRYPTING, DESTROYING = range(7, 11)
"""The steps, as docs/ceremony.md numbers them."""
STEP_OF_BOX = {
    OPEN: VOTING,
    CLOSED: DECRYPTING,
    COUNTED: DECRYPTING,
    SCRUBBED: DESTROYING,
    DONE: DESTROYING,
}
"""State of the box → the step that the ballot is at; before them it is opened."""


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch as the office reads it; a count of ballots is never among it."""

    batch: Batch
    unit: str
    letter: str
    group: Bilingual
    """What its rater groups are called."""
    renewable: bool
    """Whether it is void and nothing has taken its place."""


def ballot_page(survey: Survey) -> str:
    """Draw the page of a secret ballot; raises NoBallotDatabase."""
    box = found_state(survey.id)
    any_batch, any_live = any_batches(ballot_engine(), survey.id)
    units = _units_of(survey)
    holders = key_holders(session(), survey.id)
    return render_template(
        "office/ballots/ballot.html",
        survey=survey,
        state=state_of(survey),
        box=box.state if box else ISSUING,
        is_void=bool(box and box.is_void),
        early_void=bool(box and box.is_void and not box.has_closing),
        acts=acts_of(session(), survey.id),
        unfinished=unfinished_step(survey, box),
        step=step_of(survey, box, any_key=bool(holders), any_batch=any_batch),
        steps=written_paper(CEREMONY, language()).steps,
        auditors=AUDITORS,
        component=survey.component,
        questionnaire=Questionnaire.from_json(survey.questionnaire),
        people=people_of(survey),
        units=units,
        any_live=any_live,
        quorum=_quorum(survey, box, units),
        holders=holders,
        commitments=commitments(session(), survey.id),
        me=username(),
        foresight=foresight_of(survey, units=[one.id for one in units.rated]),
        expected=expected_of(survey) if survey.state == survey_state.DRAFT else {},
        groups=group_labels(survey),
    )


@dataclass(frozen=True, slots=True)
class UnitBatches:
    """A unit with its batches, void ones last."""

    unit: BallotUnit
    lines: list[BatchLine]
    is_rated: bool
    """Whether the survey is still about somebody of it."""

    @property
    def is_waiting(self) -> bool:
        """Whether its people cannot answer yet: no batch of it lives."""
        served = any(line.batch.state != VOID for line in self.lines)
        return self.is_rated and not served


@dataclass(frozen=True, slots=True)
class UnitsList:
    """The units of a ballot, one page of them."""

    listing: Listing
    page: ListPage[UnitBatches]
    rated: tuple[BallotUnit, ...]
    """The units on the page, without those nobody of whom is rated any more."""
    strayed_at: str
    """Where those stand; empty where they stand here or cannot be."""


def _units_of(survey: Survey) -> UnitsList:
    """Return the page of units that the address asks for.

    Batches of units nobody of whom is rated any more stand behind a short list, and
    where the address asks for them: to find them takes a look at every unit.
    """
    own = listing(prefix=OF_UNITS, anchor="batches", keep=(*_BESIDE, STRAYED))
    page = units_page(session(), survey.id, own.asked)
    is_long, asked = page.every > page.size, bool(request.args.get(STRAYED))
    draft = survey.state == survey_state.DRAFT
    gone = _strayed(survey) if draft and (asked or not is_long) else []
    rows = [*page.rows, *gone]
    batches = batches_of(ballot_engine(), survey.id, units=[one.id for one in rows])
    lines: dict[int, list[BatchLine]] = {}
    for line in lines_of(survey, batches, {one.id: one.name for one in rows}):
        lines.setdefault(line.batch.unit_id, []).append(line)
    shown = [UnitBatches(one, lines.get(one.id, []), one not in gone) for one in rows]
    elsewhere = own.with_field(STRAYED, "1") if draft and is_long and not asked else ""
    return UnitsList(own, page.holding(shown), page.rows, elsewhere)


def _strayed(survey: Survey) -> list[BallotUnit]:
    """Return some of the units that have batches and left the draft."""
    served = units_with_batches(ballot_engine(), survey.id)
    return strayed(session(), survey.id, served)[:PER_PAGE]


def batch_lines(survey: Survey) -> list[BatchLine]:
    """Return every batch of the survey by unit and rater group, void ones last."""
    batches = batches_of(ballot_engine(), survey.id)
    return lines_of(survey, batches, unit_names(session(), survey.id))


def batch_line(survey: Survey, batch: Batch) -> BatchLine:
    """Return what the office reads of one batch."""
    of_unit = batches_of(ballot_engine(), survey.id, units=[batch.unit_id])
    lines = lines_of(survey, of_unit, unit_names(session(), survey.id))
    return next(line for line in lines if line.batch.id == batch.id)


def lines_of(
    survey: Survey, batches: Sequence[Batch], names: Mapping[int, str]
) -> list[BatchLine]:
    """Return these batches by unit and rater group, void ones last; names by unit."""
    letters, merges = letters_of(survey), merges_of(survey.id)
    asked, named = survey.group_labels, group_namer(survey)
    live = {(one.unit_id, one.rater_group) for one in batches if one.state != VOID}
    lines = []
    for batch in batches:
        groups = merged_into(asked, merges, batch)
        letter = "".join(letters.get(key, "") for key in groups)
        name = names.get(batch.unit_id, "")
        replaced = (batch.unit_id, batch.rater_group) in live
        renewable = batch.state == VOID and not replaced
        lines.append(BatchLine(batch, name, letter, named(groups), renewable))
    return sorted(lines, key=_place)


def _place(line: BatchLine) -> tuple[bool, int, str]:
    """Return what the lines are sorted by: unit, then the scheme's order of groups."""
    return line.batch.state == VOID, line.batch.unit_id, line.letter


def step_of(
    survey: Survey, box: BoxNow | None, *, any_key: bool, any_batch: bool
) -> int:
    """Return which step of the ceremony the ballot is at."""
    if survey.state == survey_state.DRAFT:
        return TICKETS if any_batch else DRAFTING if any_key else KEYS
    step = STEP_OF_BOX.get(box.state if box else ISSUING, OPENING)
    if step == VOTING:
        return {"waiting": DRAWING, "over": CLOSING}.get(state_of(survey), VOTING)
    return step


def unfinished_step(survey: Survey, box: BoxNow | None) -> str:
    """Return "opening" or "closing" where that stopped half-way."""
    if survey.state != survey_state.OPEN:
        return ""
    if box is not None and box.state == OPEN and box.is_closing:
        return "closing"
    state = box.state if box else ISSUING
    return {ISSUING: "opening", CLOSED: "closing"}.get(state, "")


def _quorum(
    survey: Survey, box: BoxNow | None, units: UnitsList
) -> dict[str, bool] | None:
    """Return batch → whether more than half have answered, of those on the page.

    None before the box is open, and once it is closed.
    """
    if box is None or box.state != OPEN:
        return None
    here = [one.unit.id for one in units.page.rows]
    return quorum_reached(ballot_engine(), survey.id, units=here)
