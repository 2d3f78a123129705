"""Themes of comments: written by one reader, agreed on by a second one."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import REVIEW
from survey_app.analytics.comment_themes import themes_desk
from survey_app.analytics.comments import Comments
from survey_app.database import session, writer
from survey_app.domain.ground.refusals import ThemesChanged
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
    return _page(comments_about(survey_id, subject_id))


@pages.post(f"{COMMENTS}/themes")
@allow(REVIEW, scoped=True)
def write_themes(survey_id: int, subject_id: int) -> ResponseReturnValue:
    """Keep new themes until a second reader agrees."""
    about, form = comments_about(survey_id, subject_id), ThemesForm()
    if not form.validate():
        return _page(about, form), 422
    try:
        writing.write_themes(
            writer(), _reading(survey_id, subject_id), form.text.data or "",
            expected_version=form.version.data or 0,
        )  # fmt: skip
    except ThemesChanged:
        return _page(about, form, is_late=True), 409
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


def _page(
    about: Comments, typed: ThemesForm | None = None, *, is_late: bool = False
) -> str:
    """Draw the page; who was late sees what stands there now, and may send again."""
    desk = themes_desk(session(), about)
    newest = desk.waiting or desk.told
    lines, version = (newest.lines, newest.version) if newest else ((), 0)
    form = typed or ThemesForm("\n".join(lines), version)
    if is_late:
        form.version.data = version
    return render_template(
        "office/surveys/themes.html",
        about=about,
        desk=desk,
        form=form,
        is_late=is_late,
        reader=username(),
        most=writing.MOST,
        longest=writing.LONGEST,
    )
