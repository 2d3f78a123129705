"""Before a survey opens: which groups could not be shown, and whether it can score."""

from collections.abc import Collection

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from survey_app.accounts.permissions import DESIGN
from survey_app.analytics.ballot_desk import batches_of, unit_names, units_named
from survey_app.analytics.foresight import KnownPeople, UnitForesight, expected_raters
from survey_app.analytics.foresight import foresight as foresight_in
from survey_app.ballot.tables import VOID
from survey_app.database import ballot_engine, session, writer
from survey_app.forms.ballot_office_forms import NumbersForm, numbers_form
from survey_app.survey.draft import expect_raters as note_expected
from survey_app.survey.tables import DRAFT, Survey
from survey_app.web.language import language
from survey_app.web.office.access import allow
from survey_app.web.office.ballots.found import merges_of
from survey_app.web.office.found import found_draft, group_labels
from survey_app.web.office.pages import pages

MOST = 10_000_000


@pages.get("/surveys/<int:survey_id>/expected")
@allow(DESIGN)
def expected(survey_id: int) -> str:
    """Ask how many are expected to answer in each group."""
    survey = found_draft(survey_id)
    return _page(survey, _form(survey))


@pages.post("/surveys/<int:survey_id>/expected")
@allow(DESIGN)
def expect_raters(survey_id: int) -> ResponseReturnValue:
    """Keep the numbers, or show what is no number among them."""
    survey = found_draft(survey_id)
    form = _form(survey)
    if not form.validate():
        return _page(survey, form), 422
    note_expected(writer(), survey_id, form.numbers())
    back = url_for(".survey", survey_id=survey_id, _anchor="foresight")
    return redirect(back, 303)


def _form(survey: Survey) -> NumbersForm:
    labels = {
        key: label.in_language(language())
        for key, label in group_labels(survey).items()
    }
    return numbers_form(labels, most=MOST, known=expected_of(survey))


def _page(survey: Survey, form: NumbersForm) -> str:
    return render_template("office/surveys/expected.html", survey=survey, form=form)


def foresight_of(
    survey: Survey, *, units: Collection[int] | None = None
) -> tuple[UnitForesight, ...]:
    """Return the forecast of a draft; of a survey that has opened nothing.

    `units` names those of a ballot that are asked about; None stands for all.
    """
    if survey.state != DRAFT:
        return ()
    return foresight_in(session(), survey, survey.cycle.rules, _known(survey, units))


def expected_of(survey: Survey) -> dict[str, int]:
    """Return how many the office expects in each rater group."""
    return expected_raters(session(), survey.id)


def _known(survey: Survey, units: Collection[int] | None) -> tuple[KnownPeople, ...]:
    """Return what the batches of a ballot say of each unit."""
    if not survey.is_secret:
        return ()
    if units is None:
        names = unit_names(session(), survey.id)
    else:
        named = units_named(session(), survey.id, units)
        names = {one.id: one.name for one in named.values()}
    merges = merges_of(survey.id)
    people: dict[int, dict[str, int]] = {}
    for batch in batches_of(ballot_engine(), survey.id, units=units):
        if batch.state != VOID:
            groups = people.setdefault(batch.unit_id, {})
            groups[batch.rater_group] = groups.get(batch.rater_group, 0)
            groups[batch.rater_group] += batch.eligible
    asked = group_labels(survey)
    return tuple(
        KnownPeople(
            names.get(unit, ""),
            {key: groups.get(key, 0) for key in asked},
            merges.get(unit, {}),
        )
        for unit, groups in people.items()
    )
