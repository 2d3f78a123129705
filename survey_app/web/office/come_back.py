"""A form that met no valid sign-in comes back to its owner; nothing is ever executed.

Whoever sends a form after the end of the sign-in finds the sign-in page in its place,
at the address of the form's page, with the fields locked inside (`kept_form` of the
sealing).
After signing in there the page is drawn again with the fields in it: pressing its
button is left to the person. The server keeps nothing meanwhile.
"""

from datetime import timedelta

from flask import (
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from survey_app.accounts.sign_in import SignedIn
from survey_app.ballot.sealing.kept_form import KeptForm, locked, unlocked
from survey_app.domain.ground.refusals import PageExpired, SignInNeeded
from survey_app.forms.account_forms import OneTimeForm, SignInForm
from survey_app.forms.required import secret_names
from survey_app.web import errors
from survey_app.web.clock import now
from survey_app.web.language import COOKIE, LANGUAGES, speak
from survey_app.web.office import access, form_page, tokens
from survey_app.web.office.accounts.sign_in import (
    ENDED,
    OLD,
    OTHER,
    code_page,
    sign_in_here,
    sign_in_page,
)
from survey_app.web.office.entering import (
    Halfway,
    Refused,
    enter_here,
    finish_here,
    leave,
    set_lasting,
    who_is_here,
)
from survey_app.web.office.found import settings

FIELD = "kept_form"
"""The hidden field of the sign-in page in which a form travels."""
SPEAK = "speak"
"""The field of the masthead's button: the language a half-filled form is shown in."""
NO_FIELDS = {tokens.FIELD, form_page.FIELD, FIELD, SPEAK}
LARGEST_READ = 6 * 1024 * 1024
"""Bytes; of a stranger's upload no more is looked at to find the fields beside it."""
LARGEST_KEPT = 120_000
"""Characters of a locked form; more than any page of the office sends."""
LARGEST_RETURN = 192 * 1024
"""Bytes of the request that brings a locked form back."""
FORM_TYPE = "application/x-www-form-urlencoded"


def ask_to_sign_in(_refusal: SignInNeeded) -> ResponseReturnValue:
    """Show the sign-in page in place of what a form would have done."""
    if request.endpoint == "office.sign_out":
        leave()
        return redirect(url_for("office.sign_in"), 303)
    return sign_in_here(ENDED, kept=_sent_form())


def refuse_token(_error: CSRFError) -> ResponseReturnValue:
    """Do nothing for a form of an earlier sign-in, and give its fields back.

    Only to the account that the form was drawn for, which its token says.
    """
    if FIELD in request.form or request.endpoint == "office.enter":
        return sign_in_here(OLD, kept=request.form.get(FIELD))
    account = access.current_account()
    owner = tokens.owner_of(request.form.get(tokens.FIELD, ""))
    if account is None or owner is None:
        return errors.refuse(PageExpired())
    if owner != tokens.mark_of(account):
        return sign_in_here(OTHER, kept=_sent_form())
    return _kept_page(_sent_form()), 400


def take_back() -> ResponseReturnValue | None:
    """Draw the page of a form that came back, signing its owner in where needed.

    Runs before every request, and lets all pass that carry no locked form.
    """
    text = _brought_back()
    if text is None:
        return _in_other_language()
    account = who_is_here()
    kept = _opened(text, account) if account else None
    if account is None or (kept is None and _signs_in()):
        entered = _entered(text)
        if not isinstance(entered, SignedIn):
            return entered
        account, kept = entered, _opened(text, entered)
    g.office_account = account
    if kept is None or kept.page.partition("?")[0] != request.path:
        flash(
            _("What was typed here before belongs to another account, or is too old.")
        )
        return redirect(url_for("office.home"), 303)
    first = access.first_step(account, "")
    return _kept_page(text, first=first) if first else _give_back(kept)


def _signs_in() -> bool:
    """Return whether name and password, or a code, came along with the locked form."""
    return "username" in request.form or "one_time_code" in request.form


def _in_other_language() -> ResponseReturnValue | None:
    """Draw a half-filled form in the language that was pressed; None elsewhere.

    Nothing of the form is done. Its token is asked for like that of every form, so that
    no other site can have one filled in.
    """
    chosen = request.form.get(SPEAK, "") if _is_plain_form() else ""
    if chosen not in LANGUAGES:
        return None
    g.office_account = who_is_here()
    if g.office_account is None:
        raise SignInNeeded
    tokens.csrf.protect()
    kept = _kept(request.form, chosen=False)
    if kept.page.partition("?")[0] != request.path:
        return redirect(url_for("office.home"), 303)
    speak(chosen)
    response = make_response(_give_back(kept, told=kept.secrets))
    set_lasting(response, COOKIE, chosen, same_site="Lax")
    return response


def _is_plain_form() -> bool:
    """Return whether this request is a form of the office without files."""
    sent = request.method == "POST" and request.path.startswith("/office/")
    return sent and request.mimetype == FORM_TYPE


def _brought_back() -> str | None:
    """Return the locked form that this request carries; None for every other one."""
    if not _is_plain_form():
        return None
    request.max_content_length = request.max_form_memory_size = LARGEST_RETURN
    return request.form.get(FIELD)


def _entered(text: str) -> SignedIn | ResponseReturnValue:
    """Return the account that signs in on the way, or the page that asks again."""
    if not _signs_in():
        return sign_in_here(ENDED, kept=text)
    tokens.csrf.protect()
    if "one_time_code" in request.form:
        code = OneTimeForm()
        outcome = finish_here(code)
        if isinstance(outcome, Refused):
            return code_page(code, outcome, kept=text)
    else:
        form = SignInForm()
        outcome = enter_here(form)
        if isinstance(outcome, Refused):
            return sign_in_page(form, outcome, kept=text)
    if isinstance(outcome, Halfway):
        return code_page(OneTimeForm(formdata=None), kept=text)
    return outcome


def _give_back(kept: KeptForm, *, told: bool = True) -> ResponseReturnValue:
    """Draw the page as when it is loaded, its form filled with what was typed.

    `told`: and let it say that nothing was done yet.

    The forms fill themselves, as with every form that was sent; a page that is loaded
    neither checks nor keeps anything.
    """
    matched = current_app.create_url_adapter(request).match(  # type: ignore[union-attr]  # there is a request
        request.path, "GET", return_rule=True
    )
    request.url_rule, request.view_args = matched[0], dict(matched[1])
    request.routing_exception = None
    request.form = ImmutableMultiDict(kept.fields)
    request.files = ImmutableMultiDict()
    refused = access.refuse_strangers()
    if refused is not None:
        return refused
    g.kept_form = kept if told else None
    view = current_app.ensure_sync(current_app.view_functions[request.endpoint or ""])
    drawn: ResponseReturnValue = view(**request.view_args)
    return drawn


def still_here() -> str:
    """Return the form that met a fault of ours, locked; "" where none was filled in.

    For the page that says so: whoever sent it shows it again from there.
    """
    account = access.current_account()
    if request.method != "POST" or account is None:
        return ""
    text = _sent_form()
    kept = _opened(text, account)
    return text if kept and kept.fields else ""


def given_back() -> KeptForm | None:
    """Return the form that this page gives back; None on every other page."""
    kept: KeptForm | None = g.get("kept_form")
    return kept


def _kept_page(text: str, *, first: str = "") -> str:
    """Draw the page whose one button shows the form again.

    `first` is the page that its owner must go to before that.
    """
    return render_template(
        "office/kept_form.html",
        kept=text,
        here=form_page.form_page(),
        first=first,
    )


def _sent_form() -> str:
    """Return what was sent, locked for its owner; "" where that cannot be."""
    sent, files = _read_form()
    if FIELD in sent:
        return sent[FIELD]
    owner = tokens.owner_of(sent.get(tokens.FIELD, ""))
    if owner is None:
        return ""
    kept = _kept(sent, chosen=any(file.filename for file in files.values()))
    text = locked(kept, tokens.secret_key(), owner=owner, now=now())
    return text if len(text) <= LARGEST_KEPT else ""


def _kept(sent: MultiDict[str, str], *, chosen: bool) -> KeptForm:
    """Return what was typed, without passwords; `chosen`: files were sent too."""
    hidden = secret_names()
    fields = tuple(
        (name, value)
        for name, value in sent.items(multi=True)
        if name not in NO_FIELDS and name not in hidden
    )
    typed = any(sent.get(name) for name in hidden)
    return KeptForm(form_page.form_page(), fields, chosen, typed)


def _read_form() -> tuple[MultiDict[str, str], MultiDict[str, FileStorage]]:
    """Return fields and files; of too large a form nothing, now and later."""
    request.max_content_length = min(
        request.max_content_length or LARGEST_READ, LARGEST_READ
    )
    try:
        if (request.content_length or 0) <= LARGEST_READ:
            return request.form, request.files
    except (RequestEntityTooLarge, BadRequest):
        pass
    request.form, request.files = ImmutableMultiDict(), ImmutableMultiDict()
    return request.form, request.files


def _opened(text: str, account: SignedIn) -> KeptForm | None:
    return unlocked(
        text,
        tokens.secret_key(),
        owner=tokens.mark_of(account),
        now=now(),
        lasts=timedelta(hours=settings().sign_in_hours),
    )
