"""All units of a survey in one picture, as a page and as a file."""

from flask import Response, render_template

from survey_app.accounts.permissions import SEE_RESULTS
from survey_app.analytics.charts.heat_chart import heat_chart, heat_class
from survey_app.analytics.charts.overview_charts import (
    TITLES,
    change_chart,
    changed_by,
    interval_words,
    strip_chart,
    units_chart,
)
from survey_app.analytics.charts.picture import Picture
from survey_app.analytics.charts.short_names import short_names
from survey_app.analytics.pictures.overview import (
    DISSATISFIED,
    SCORE,
    Overview,
    overview,
)
from survey_app.analytics.survey_results import SurveyResults
from survey_app.database import session
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.questionnaire.questionnaire import Question
from survey_app.web.clock import today
from survey_app.web.language import language, words
from survey_app.web.office.access import allow
from survey_app.web.office.drawing import figure_file, picture_file
from survey_app.web.office.listing import Listing, listing
from survey_app.web.office.pages import pages
from survey_app.web.office.surveys.results import found_results, void_said

UNITS, QUESTIONS, CHANGE = "units", "questions", "change"
PICTURES = {
    "units-score": (UNITS, SCORE),
    "units-dissatisfied": (UNITS, DISSATISFIED),
    "questions": (QUESTIONS, DISSATISFIED),
    "change-score": (CHANGE, SCORE),
    "change-dissatisfied": (CHANGE, DISSATISFIED),
}
"""In the address → which view of which number."""
UNSCORED = ("units-dissatisfied", "questions")
"""Those there are of a survey that stands alone."""


@pages.get("/surveys/<int:survey_id>/pictures/<picture>")
@allow(SEE_RESULTS, scoped=True)
def pictures(survey_id: int, picture: str) -> str:
    """Show a page of the units in one picture, and the same numbers as a table."""
    asked = _asked(picture)
    seen = _seen(survey_id, picture, asked)
    view, measure = PICTURES[picture]
    title = words(TITLES[measure])
    unit = "" if measure == SCORE else "%"
    return render_template(
        "office/surveys/pictures.html",
        seen=seen,
        results=seen.told.survey,
        picture=picture,
        unscored=UNSCORED,
        view=view,
        measure=measure,
        drawn=_drawn(seen, view),
        strip=strip_chart(seen.strip, title=title, language=language(), unit=unit),
        listing=asked,
        questions=_named_questions(seen.told.survey),
        changed_by=changed_by,
        heat_class=heat_class,
        interval_words=lambda figure: interval_words(figure, measure, language()),
    )


@pages.get("/surveys/<int:survey_id>/picture-<picture>.svg")
@allow(SEE_RESULTS, scoped=True)
def picture_svg(survey_id: int, picture: str) -> Response:
    """Send the picture of a page as a file."""
    seen = _seen(survey_id, picture, _asked(picture))
    return picture_file(_drawn(seen, PICTURES[picture][0]))


@pages.get("/surveys/<int:survey_id>/picture-<picture>.json")
@allow(SEE_RESULTS, scoped=True)
def picture_figure(survey_id: int, picture: str) -> Response:
    """Send the picture of a page to be explored."""
    seen = _seen(survey_id, picture, _asked(picture))
    return figure_file(_drawn(seen, PICTURES[picture][0]))


def _asked(picture: str) -> Listing:
    """Return what the address asks of the list; raises NotFound for no picture."""
    if picture not in PICTURES:
        raise NotFound
    _, measure = PICTURES[picture]
    return listing("name", "answers", measure, sort=f"-{measure}")


def _seen(survey_id: int, picture: str, asked: Listing) -> Overview:
    survey = found_results(survey_id)
    if not survey.cycle.appraises and picture not in UNSCORED:
        raise NotFound
    view, measure = PICTURES[picture]
    with void_said(survey):
        return overview(
            session(),
            survey,
            asked.asked,
            measure=measure,
            today=today(),
            with_change=view == CHANGE,
        )


def _drawn(seen: Overview, view: str) -> Picture | None:
    if view == QUESTIONS:
        asked = _asked_questions(seen.told.survey)
        return heat_chart(seen, asked, language=language())
    if view == CHANGE:
        return change_chart(seen, language=language())
    return units_chart(seen, language=language())


def _named_questions(results: SurveyResults) -> list[tuple[str, Question]]:
    """Return the same questions, each with the name it has in the picture."""
    asked = _asked_questions(results)
    names = short_names([words(question.text) for question in asked])
    return list(zip(names, asked, strict=True))


def _asked_questions(results: SurveyResults) -> list[Question]:
    """Return the questions in which one can object."""
    objecting = set(results.objecting)
    return [
        question
        for question in results.questionnaire.ratings
        if objecting.intersection(c.key for c in question.choices if c.rates)
    ]
