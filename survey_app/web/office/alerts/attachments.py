"""Files of an alert: brought, handed out to be saved, and taken away again."""

from urllib.parse import quote

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import DECIDE, REVIEW, SEE_RESULTS
from survey_app.accounts.record import note
from survey_app.alerts import attachments as verbs
from survey_app.analytics.alert_cases import CaseTold
from survey_app.database import session, writer
from survey_app.domain.alerts.file_type import KINDS
from survey_app.domain.ground.alert_refusals import AttachmentRefused
from survey_app.domain.ground.refusals import NotFound
from survey_app.forms.alert_forms import ActForm, AttachForm
from survey_app.forms.sent_file import refused_status
from survey_app.web.office.access import allow
from survey_app.web.office.alerts.acting import acting
from survey_app.web.office.alerts.cases import found_case
from survey_app.web.office.pages import pages


@pages.get("/alerts/<int:alert_id>/files/new")
@allow(REVIEW, DECIDE, scoped=True, by_survey=True)
def new_attachment(alert_id: int) -> str:
    """Ask for a file and what it is."""
    return _page(found_case(alert_id).told, AttachForm())


@pages.post("/alerts/<int:alert_id>/files/new")
@allow(REVIEW, DECIDE, scoped=True, by_survey=True)
def attach(alert_id: int) -> ResponseReturnValue:
    """Keep the file with the alert."""
    case, form = found_case(alert_id).told, AttachForm()
    if not form.validate():
        return _page(case, form), refused_status(form.file)
    try:
        verbs.add_attachment(
            writer(), alert_id, acting(form),
            name=str(form.file.data.filename), content=form.file.content(),
        )  # fmt: skip
    except AttachmentRefused:
        form.file.errors = [
            _("A file is kept if it is one of these: %(kinds)s.", kinds=KINDS)
        ]
        return _page(case, form), 422
    flash(_("The file is kept with the alert."))
    return redirect(url_for(".alert", alert_id=alert_id, _anchor="files"), 303)


@pages.get("/alerts/<int:alert_id>/files/<int:file_id>")
@allow(SEE_RESULTS, scoped=True, by_survey=True)
def attachment(alert_id: int, file_id: int) -> Response:
    """Hand the file out to be saved, never to be shown; the record says to whom."""
    found = verbs.attached_file(session(), alert_id, file_id)
    content = b"".join(verbs.attachment_parts(session(), file_id))
    keeper = writer()
    note(
        keeper,
        "read-file",
        about=f"alert:{alert_id} file:{file_id}",
        after=found.sha256,
    )
    keeper.commit()
    response = Response(content, mimetype=found.kind)
    name = quote(found.name)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@pages.get("/alerts/<int:alert_id>/files/<int:file_id>/take-away")
@allow(REVIEW, DECIDE, scoped=True, by_survey=True)
def confirm_taking_away(alert_id: int, file_id: int) -> str:
    """Ask why the content of a file is taken away."""
    return _taking_page(found_case(alert_id).told, file_id, ActForm())


@pages.post("/alerts/<int:alert_id>/files/<int:file_id>/take-away")
@allow(REVIEW, DECIDE, scoped=True, by_survey=True)
def take_file_away(alert_id: int, file_id: int) -> ResponseReturnValue:
    """Delete the content; name and hash stay."""
    told, form = found_case(alert_id).told, ActForm()
    if not form.validate():
        return _taking_page(told, file_id, form), 422
    verbs.take_away(writer(), alert_id, file_id, acting(form))
    flash(_("The content is deleted; the name, the hash and who did it stay."))
    return redirect(url_for(".alert", alert_id=alert_id, _anchor="files"), 303)


def _page(told: CaseTold, form: AttachForm) -> str:
    form.version.data = str(told.head.version)
    return render_template(
        "office/alerts/attach.html", case=told, form=form, kinds=KINDS
    )


def _taking_page(told: CaseTold, file_id: int, form: ActForm) -> str:
    form.version.data = str(told.head.version)
    file = next((one for one in told.files if one.id == file_id), None)
    if file is None or file.taken_by:
        raise NotFound
    return render_template(
        "office/alerts/take_away.html", case=told, file=file, form=form
    )
