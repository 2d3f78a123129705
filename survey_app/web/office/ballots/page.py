"""The page of one secret ballot: how far it is, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template

from survey_app.analytics.ballot_desk import (
    batches_of,
    unit_names,
)
from survey_app.analytics.office_lists import acts_of
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
    BallotBox,
    Batch,
)
from survey_app.ballot.while_open import quorum_reached
from survey_app.database import ballot_engine, session
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey import tables as survey_state
from survey_app.survey.tables import Survey
from survey_app.web.office.access import username
from survey_app.web.office.ballots.found import (
    found_box,
    group_name,
    letters_of,
    merged_into,
    units_of,
)
from survey_app.web.office.found import group_labels, state_of
from survey_app.web.office.surveys.foresight import expected_of, foresight_of
from survey_app.web.office.surveys.listed_parts import people_of

VOID = "void"
DRAFTING, TICKETS, POSTED, VOTING, ENDED, COUNTING, DESTROYED = range(7)
"""The steps, in the order in which the page draws them."""


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
    box = found_box(survey.id)
    lines = batch_lines(survey, box)
    return render_template(
        "office/ballots/ballot.html",
        survey=survey,
        state=state_of(survey),
        box=box.state if box else ISSUING,
        is_void=bool(box and box.is_void),
        early_void=bool(box and box.is_void and not box.closing),
        acts=acts_of(session(), survey.id),
        unfinished=unfinished_step(survey, box),
        step=step_of(survey, box, lines),
        component=survey.component,
        questionnaire=Questionnaire.from_json(survey.questionnaire),
        people=people_of(survey),
        units=units_of(survey),
        lines=lines,
        quorum=_quorum(survey, box),
        holders=key_holders(session(), survey.id),
        commitments=commitments(session(), survey.id),
        me=username(),
        foresight=foresight_of(survey),
        expected=expected_of(survey) if survey.state == survey_state.DRAFT else {},
        groups=group_labels(survey),
    )


def batch_lines(survey: Survey, box: BallotBox | None) -> list[BatchLine]:
    """Return every batch of the survey by unit and rater group, void ones last."""
    names, letters = unit_names(session(), survey.id), letters_of(survey)
    batches = batches_of(ballot_engine(), survey.id)
    live = {(one.unit_id, one.rater_group) for one in batches if one.state != VOID}
    lines = []
    for batch in batches:
        groups = merged_into(survey, box, batch)
        letter = "".join(letters.get(key, "") for key in groups)
        name = names.get(batch.unit_id, "")
        replaced = (batch.unit_id, batch.rater_group) in live
        renewable = batch.state == VOID and not replaced
        lines.append(
            BatchLine(batch, name, letter, group_name(survey, groups), renewable)
        )
    return sorted(lines, key=_place)


def _place(line: BatchLine) -> tuple[bool, int, str]:
    """Return what the lines are sorted by: unit, then the scheme's order of groups."""
    return line.batch.state == VOID, line.batch.unit_id, line.letter


def step_of(survey: Survey, box: BallotBox | None, lines: Sequence[BatchLine]) -> int:
    """Return which of the seven steps the ballot is at."""
    state = box.state if box else ISSUING
    if state in {SCRUBBED, DONE}:
        return DESTROYED
    if state == COUNTED:
        return COUNTING
    step = {
        "waiting": POSTED,
        "open": VOTING,
        "void": VOTING,
        "over": ENDED,
        "closed": ENDED,
    }
    return step.get(state_of(survey), TICKETS if lines else DRAFTING)


def unfinished_step(survey: Survey, box: BallotBox | None) -> str:
    """Return "opening" or "closing" where that stopped half-way."""
    if survey.state != survey_state.OPEN:
        return ""
    if box is not None and box.state == OPEN and box.signatures is not None:
        return "closing"
    state = box.state if box else ISSUING
    return {ISSUING: "opening", CLOSED: "closing"}.get(state, "")


def _quorum(survey: Survey, box: BallotBox | None) -> dict[str, bool]:
    """Return batch → whether more than half have answered; nothing once closed."""
    if box is None or box.state != OPEN:
        return {}
    return quorum_reached(ballot_engine(), survey.id)
