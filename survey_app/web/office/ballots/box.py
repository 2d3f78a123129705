"""Opening the box: on the server in one sitting, or elsewhere with files."""

from dataclasses import dataclass, field

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import COUNT, SETTLE
from survey_app.ballot.closed_box import closing_in
from survey_app.ballot.decryption_verbs import (
    challenges_here,
    export_ballots,
    ready_box,
    record_and_leave,
)
from survey_app.ballot.finish_decryption import ask_to_finish, is_settled
from survey_app.ballot.held_box import key_holders
from survey_app.ballot.paper.challenge import ReadableChallenge
from survey_app.ballot.paper.decrypted import Decrypted
from survey_app.ballot.sealing.keys import HolderKey, unlock
from survey_app.ballot.tables import ISSUING, OPEN
from survey_app.database import ballot_engine, session, writer
from survey_app.domain.ground.refusals import (
    BoxNotReady,
    ChallengeNotDecrypted,
    ChallengesNotCompared,
    ExportRefused,
    KeyRefused,
    WrongPassphrase,
)
from survey_app.forms.ballot_office_forms import (
    DecryptedForm,
    DecryptingForm,
    KeyFilesForm,
    text_of,
)
from survey_app.forms.sent_file import refused_status
from survey_app.survey.tables import VOID
from survey_app.web.office.access import allow, username
from survey_app.web.office.ballots.decrypting import decrypting
from survey_app.web.office.ballots.found import found_box, found_secret, secrets_folder
from survey_app.web.office.pages import pages


@dataclass(frozen=True, slots=True)
class BoxPage:
    """What the page shows beside its questions."""

    here: DecryptingForm | None = None
    elsewhere: DecryptedForm | None = None
    problem: str = ""
    """Why nothing was opened, or ""."""
    compared: str = ""
    """The mark of the challenge ballots, where they were shown and all of them opened:
    only then all else may follow."""
    challenges: tuple[ReadableChallenge, ...] = field(default=(), repr=False)
    """In this reply only; they are kept nowhere."""


@pages.get("/surveys/<int:survey_id>/box")
@allow(COUNT, SETTLE)
def ballot_box(survey_id: int) -> str:
    """Say how the box is opened, and ask for both keys, or for the result."""
    return _page(survey_id, BoxPage())


@pages.post("/surveys/<int:survey_id>/box/challenges")
@allow(COUNT)
def decrypt_challenges(survey_id: int) -> ResponseReturnValue:
    """Open and show the challenge ballots alone; nothing of them is kept."""
    form = DecryptingForm()
    found_secret(survey_id)
    keys = _unlocked(form) if form.validate() else None
    if keys is None:
        return _page(survey_id, BoxPage(here=form)), _status(form)
    return _show_challenges(survey_id, form, keys)


@pages.post("/surveys/<int:survey_id>/box")
@allow(COUNT)
def decrypt_on_server(survey_id: int) -> ResponseReturnValue:
    """Open the box with both keys; neither they nor the passphrases are kept."""
    form = DecryptingForm()
    found_secret(survey_id)
    valid = form.validate()
    agreed = not _challenged(survey_id) or form.agrees()
    keys = _unlocked(form) if valid and agreed else None
    if keys is None:
        return _page(survey_id, BoxPage(here=form, compared=form.mark)), _status(form)
    try:
        ready = ready_box(
            writer(), ballot_engine(), survey_id, keys,
            secrets_folder=secrets_folder(), compared=form.mark,
        )  # fmt: skip
    except (ChallengesNotCompared, ChallengeNotDecrypted):
        return _show_challenges(survey_id, form, keys, status=422)
    except (KeyRefused, ExportRefused) as refusal:
        problem = type(refusal).__name__
        shown = BoxPage(here=form, problem=problem, compared=form.mark)
        return _page(survey_id, shown), 422
    return decrypting(found_secret(survey_id), ready)


@pages.get("/surveys/<int:survey_id>/box/export")
@allow(COUNT)
def ballot_export(survey_id: int) -> Response:
    """Send the closed box as a file: envelopes and counts, no ticket."""
    found_secret(survey_id)
    export = export_ballots(
        writer(), ballot_engine(), survey_id, secrets_folder=secrets_folder()
    )
    response = Response(export.to_text(), mimetype="application/octet-stream")
    name = f"ballots-{survey_id}.export"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


@pages.post("/surveys/<int:survey_id>/box/opened")
@allow(COUNT)
def take_result(survey_id: int) -> ResponseReturnValue:
    """Take what was opened on another machine, or say why not."""
    form = DecryptedForm()
    found_secret(survey_id)
    valid = form.validate()
    agreed = not _challenged(survey_id) or form.agrees()
    if not (valid and agreed):
        return _page(survey_id, BoxPage(elsewhere=form)), refused_status(form.opened)
    try:
        job = record_and_leave(
            writer(), ballot_engine(), survey_id, Decrypted.from_text(form.text()),
            secrets_folder=secrets_folder(), account=username(), auditors_agree=agreed,
        )  # fmt: skip
    except ExportRefused:
        form.refuse_result()
        return _page(survey_id, BoxPage(elsewhere=form)), 422
    return redirect(url_for(".job", job_id=job), 303)


@pages.post("/surveys/<int:survey_id>/box/finish")
@allow(COUNT)
def finish_box(survey_id: int) -> ResponseReturnValue:
    """Go on with an opening that was interrupted; done twice it changes nothing."""
    found_secret(survey_id)
    job = ask_to_finish(writer(), ballot_engine(), survey_id, account=username())
    return redirect(url_for(".job", job_id=job), 303)


def _show_challenges(
    survey_id: int, form: DecryptingForm, keys: list[HolderKey], *, status: int = 200
) -> ResponseReturnValue:
    """Show the challenge ballots, in this reply only, with the mark that says so."""
    try:
        shown = challenges_here(
            writer(), ballot_engine(), survey_id, keys, secrets_folder=secrets_folder()
        )
    except (KeyRefused, ExportRefused) as refusal:
        problem = type(refusal).__name__
        return _page(survey_id, BoxPage(here=form, problem=problem)), 422
    if not all(one.opens for one in shown.ballots):
        return _page(survey_id, BoxPage(challenges=shown.ballots)), 422
    return _page(
        survey_id, BoxPage(compared=shown.mark, challenges=shown.ballots)
    ), status


def _challenged(survey_id: int) -> int:
    """Return how many challenge ballots the closed box holds; 0 before it closed."""
    box = found_box(survey_id)
    return closing_in(box).closing.challenged if box and box.closing else 0


def _unlocked(form: KeyFilesForm) -> list[HolderKey] | None:
    """Return both keys; None where a field now says why its key stays locked."""
    keys, locked = [], False
    for file, passphrase in form.holders():
        try:
            keys.append(unlock(text_of(file), str(passphrase.data)))
        except WrongPassphrase:
            said = _("The passphrase does not open this key file. Type it again.")
            passphrase.errors, locked = [said], True
        except KeyRefused:
            said = _(
                "This is no whole key file. Take “….key.json” from the stick again."
            )
            file.errors, locked = [said], True
    return None if locked else keys


def _status(form: KeyFilesForm) -> int:
    """Return the status of a form that was not taken."""
    return refused_status(*(file for file, _passphrase in form.holders()))


def _page(survey_id: int, shown: BoxPage) -> str:
    """Draw both ways; what is wrong stands beside what was sent."""
    survey, box = found_secret(survey_id), found_box(survey_id)
    if box is None or box.state in {ISSUING, OPEN}:
        raise BoxNotReady
    return render_template(
        "office/ballots/ballot_box.html",
        survey=survey,
        box=box.state,
        is_void=box.is_void,
        early_void=box.is_void and not box.closing,
        is_settled=survey.state == VOID or is_settled(session(), survey_id),
        is_ours=box.voided_by == username(),
        challenged=_challenged(survey_id),
        holders=key_holders(session(), survey_id),
        here=shown.here or DecryptingForm(formdata=None),
        elsewhere=shown.elsewhere or DecryptedForm(formdata=None),
        shown=shown,
    )
