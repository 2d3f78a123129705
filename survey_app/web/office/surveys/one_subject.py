"""What a survey says about one subject: numbers, and pictures of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, render_template

from survey_app.accounts.permissions import SEE_RESULTS
from survey_app.analytics.case_lists import cases_about
from survey_app.analytics.channel_trust import open_reasons
from survey_app.analytics.charts.picture import Picture
from survey_app.analytics.charts.question_chart import question_chart
from survey_app.analytics.charts.questions_chart import questions_chart
from survey_app.analytics.charts.subject_charts import (
    dimension_chart,
    place_chart,
    rate_chart,
    years_chart,
)
from survey_app.analytics.corrections import corrected_in
from survey_app.analytics.objections import objections_about
from survey_app.analytics.pictures.one_subject import (
    GroupPlace,
    Year,
    own_numbers,
    place_of,
    years_of,
)
from survey_app.analytics.survey_results import SurveyResults
from survey_app.database import session
from survey_app.web.clock import today
from survey_app.web.language import language, words
from survey_app.web.office.access import allow, scope, sees_all
from survey_app.web.office.drawing import figure_file, picture_file
from survey_app.web.office.pages import pages
from survey_app.web.office.surveys.results import found_results, told_by

FIGURES = ("answers-all", "dimensions", "place", "years")
"""In the addresses of the files, beside a rate's and every question's own."""


@pages.get("/surveys/<int:survey_id>/results/<int:subject_id>")
@allow(SEE_RESULTS, scoped=True)
def subject_results(survey_id: int, subject_id: int) -> str:
    """Show every question about one subject, by rater group."""
    told = told_by(survey_id, subject_id)
    (subject,) = told.subjects
    seen = seen_subject(survey_id, told)
    return render_template(
        "office/surveys/subject_results.html",
        results=told,
        subject=subject,
        corrections=corrected_in(session(), told.cycle_id, subject),
        alerts=cases_about(
            session(), told.cycle_id, subject_id, today=today(), scope=scope()
        ),
        objections=objections_about(
            session(), cycle_id=told.cycle_id, subject_id=subject_id, scope=scope()
        ),
        seen=seen,
        pictures=pictures_of(told, seen),
        reasons=open_reasons(session(), survey_id),
    )


@dataclass(frozen=True, slots=True)
class SeenSubject:
    """One subject among others and among its years; none until they are kept."""

    place: GroupPlace | None
    years: tuple[Year, ...]


def seen_subject(survey_id: int, told: SurveyResults) -> SeenSubject:
    """Return where the one subject of these results stands, and its years."""
    survey, subject_id = found_results(survey_id), told.subjects[0].subject_id
    numbers = own_numbers(session(), survey, subject_id)
    if numbers is None:
        return SeenSubject(None, ())
    # Where others stand is told to whoever may see all of them.
    place = place_of(session(), survey, subject_id, numbers) if sees_all() else None
    return SeenSubject(
        place,
        years_of(session(), survey, subject_id, numbers),
    )


def pictures_of(told: SurveyResults, seen: SeenSubject) -> Mapping[str, Picture | None]:
    """Return key → each picture of the one subject of these results."""
    (subject,) = told.subjects
    speaking, places = language(), told.places
    where = seen.place
    place = (
        place_chart(where, name=subject.name, places=places, language=speaking)
        if where
        else None
    )
    scores = {
        "dimensions": dimension_chart(subject, told, language=speaking),
        "place": place,
        "years": years_chart(seen.years, places=places, language=speaking),
    }
    return {
        "answers-all": questions_chart(subject, told.objecting, language=speaking),
        **(scores if told.scored else {}),
        **{
            f"rate-{rate.key}": rate_chart(
                subject,
                rate.key,
                title=words(rate.label),
                language=speaking,
                objects=set(rate.choices) <= set(told.objecting),
            )
            for rate in told.rates[:1]
        },
        **{
            f"answers-{question.key}": question_chart(
                question, told.objecting, language=speaking
            )
            for question in subject.questions
        },
    }


@pages.get("/surveys/<int:survey_id>/results/<int:subject_id>/picture-<figure>.svg")
@allow(SEE_RESULTS, scoped=True)
def subject_svg(survey_id: int, subject_id: int, figure: str) -> Response:
    """Send one picture of a subject as a file."""
    told = told_by(survey_id, subject_id)
    seen = seen_subject(survey_id, told)
    return picture_file(pictures_of(told, seen).get(figure))


@pages.get("/surveys/<int:survey_id>/results/<int:subject_id>/picture-<figure>.json")
@allow(SEE_RESULTS, scoped=True)
def subject_figure(survey_id: int, subject_id: int, figure: str) -> Response:
    """Send one picture of a subject to be explored."""
    told = told_by(survey_id, subject_id)
    seen = seen_subject(survey_id, told)
    return figure_file(pictures_of(told, seen).get(figure))
