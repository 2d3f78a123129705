"""Themes of comments: written by one reader, agreed on by a second one."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import REVIEW
from survey_app.analytics.comment_themes import themes_desk
from survey_app.database import session, writer
from survey_app.forms.comment_forms import ThemesForm
from survey_app.survey import themes as writing
from survey_app.web.clock import today
from survey_app.web.office.access import allow, username
from survey_app.web.office.pages import pages
from survey_app.web.office.surveys.comments import COMMENTS, comments_about


@pages.get(f"{COMMENTS}/themes")
@allow(REVIEW, scoped=True)
def themes(survey_id: int, subject_id: int) -> str:
    """Show the themes that are told and those that wait, and ask for others."""
    return _page(survey_id, subject_id, None)


@pages.post(f"{COMMENTS}/themes")
@allow(REVIEW, scoped=True)
def write_themes(survey_id: int, subject_id: int) -> ResponseReturnValue:
    """Keep new themes until a second reader agrees."""
    form = ThemesForm()
    if not form.validate():
        return _page(survey_id, subject_id, form), 422
    writing.write_themes(
        writer(),
        _reading(survey_id, subject_id),
        form.text.data or "",
        expected_version=form.version.data or 0,
    )
    flash(_("The themes are kept. They are told once a second reader agrees."))
    return redirect(url_for(".themes", survey_id=survey_id, subject_id=subject_id), 303)


@pages.post(f"{COMMENTS}/themes/<int:version>/agree")
@allow(REVIEW, scoped=True)
def agree_on_themes(
    survey_id: int, subject_id: int, version: int
) -> ResponseReturnValue:
    """Let whom these themes are about be told them."""
    writing.agree_on_themes(writer(), _reading(survey_id, subject_id), version)
    flash(_("Two readers agree on these themes: they are told now."))
    return redirect(url_for(".themes", survey_id=survey_id, subject_id=subject_id), 303)


def _reading(survey_id: int, subject_id: int) -> writing.ThemesReading:
    return writing.ThemesReading(survey_id, subject_id, username(), today())


def _page(survey_id: int, subject_id: int, form: ThemesForm | None) -> str:
    about = comments_about(survey_id, subject_id)
    desk = themes_desk(session(), about)
    return render_template(
        "office/surveys/themes.html",
        about=about,
        desk=desk,
        form=form or ThemesForm("\n".join(desk.newest), desk.version),
        reader=username(),
        most=writing.MOST,
        longest=writing.LONGEST,
    )
