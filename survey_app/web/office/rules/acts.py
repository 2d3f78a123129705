"""What is done with questionnaires and schemes as wholes, whatever stands in them."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import RULES
from survey_app.database import writer
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.file_faults import FileRefused
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.ground.rule_refusals import RuleFrozen, RuleNotReady
from survey_app.forms.rule_forms import (
    AS_NEXT,
    CopyRuleForm,
    KindForm,
    RuleFileForm,
    SeenForm,
)
from survey_app.forms.sent_file import refused_status
from survey_app.rulebook import acts as verbs
from survey_app.rulebook.acts import Written
from survey_app.rulebook.blank import BLANK
from survey_app.rulebook.copies import free_key, named, version_of, versioned
from survey_app.rulebook.offered import OfferedRules
from survey_app.rulebook.reading import rule_in, title_in
from survey_app.rulebook.tables import QUESTIONNAIRE, READY
from survey_app.shipped_files import text_from
from survey_app.web.language import words
from survey_app.web.office.access import allow
from survey_app.web.office.found import looking, offered_rules
from survey_app.web.office.pages import pages
from survey_app.web.office.rules.found import found_rule, hand
from survey_app.web.office.rules.rules import list_page, page_of, refused_of, shelf_of


@pages.post("/rules/new")
@allow(RULES)
def new_rule() -> ResponseReturnValue:
    """Begin one from nothing."""
    form = KindForm()
    if not form.validate() or form.kind.data not in BLANK:
        raise NotFound
    kind = str(form.kind.data)
    key = _free(kind, kind, offered_rules())
    text = versioned(kind, BLANK[kind], key, 1)
    return _begun(kind, Written(key, 1, text, Bilingual("", "")))


@pages.post("/rules/copies")
@allow(RULES)
def copy_rule() -> ResponseReturnValue:
    """Begin a next version, or another one that starts as a copy."""
    form = CopyRuleForm()
    if not form.validate():
        raise NotFound
    kind, key, rules = str(form.kind.data), str(form.key.data), offered_rules()
    if form.rule.data:
        text = found_rule(form.rule.data).text
    else:
        text = rules.text_of(kind, key)
    if form.to.data == AS_NEXT:
        version = _next_version(kind, key, rules)
    else:
        key, version = _free(kind, key, rules), 1
    return _begun(
        kind, Written(key, version, versioned(kind, text, key, version), title_in(text))
    )


@pages.post("/rules/files")
@allow(RULES)
def upload_rule() -> ResponseReturnValue:
    """Keep a file as a draft, faulty or not; what is no TOML is refused."""
    form = RuleFileForm()
    if not form.validate():
        kind = form.kind.data if not form.kind.errors else QUESTIONNAIRE
        return list_page(str(kind), form), refused_status(form.file)
    kind, rules = str(form.kind.data), offered_rules()
    try:
        text = text_from(form.file.content())
        key, version = named(text)
    except FileRefused as refused:
        return list_page(kind, form, refused), 422
    key = key or _free(kind, kind, rules)
    lowest = _next_version(kind, key, rules)
    if version < lowest:
        version, text = lowest, versioned(kind, text, key, lowest)
    return _begun(kind, Written(key, version, text, title_in(text)))


@pages.post("/rules/<int:rule_id>/ready")
@allow(RULES)
def make_rule_ready(rule_id: int) -> ResponseReturnValue:
    """Freeze a draft without faults and offer it."""
    found, form, rules = found_rule(rule_id), SeenForm(), offered_rules()
    if not form.validate():
        raise NotFound
    if not found.is_draft:
        raise RuleFrozen
    if refused_of(found, rules):
        flash(_("It still has faults: mend them first, then make it ready."))
        return page_of(found), 422
    if found.version < _next_version(found.kind, found.key, rules):
        flash(
            _(
                "A version at least as new is offered under this key: give it "
                "another version or key."
            )
        )
        return page_of(found), 422
    asked = rules.questionnaires.usable
    said = rule_in(found.kind, found.text, found.key, asked)
    verbs.make_ready(
        writer(), rule_id, said.fingerprint, hand(), seen=form.seen.data or 0
    )
    flash(
        _("It is ready: it may be chosen from now on, and nobody changes it any more.")
    )
    if found.kind == QUESTIONNAIRE:
        _tell_lost(rules)
    return redirect(url_for(".rule", rule_id=rule_id), 303)


@pages.get("/rules/<int:rule_id>/withdrawal")
@allow(RULES)
def confirm_rule_withdrawal(rule_id: int) -> str:
    """Say what withdrawing does, and ask."""
    found = found_rule(rule_id)
    if found.state != READY:
        raise RuleNotReady
    return render_template("office/rules/withdraw.html", rule=found)


@pages.post("/rules/<int:rule_id>/withdrawal")
@allow(RULES)
def withdraw_rule(rule_id: int) -> ResponseReturnValue:
    """Offer it to nobody any more."""
    verbs.withdraw(writer(), rule_id, hand())
    flash(_("It is out of use. Surveys and cycles that use it go on with their copy."))
    return redirect(url_for(".rule", rule_id=rule_id), 303)


@pages.post("/rules/<int:rule_id>/deletion")
@allow(RULES)
def delete_rule(rule_id: int) -> ResponseReturnValue:
    """Delete a draft."""
    found = found_rule(rule_id)
    verbs.delete_rule_draft(writer(), rule_id)
    flash(_("The draft is deleted."))
    return redirect(url_for(".rules", kind=found.kind), 303)


def _tell_lost(before: OfferedRules) -> None:
    """Say which schemes do not fit the questionnaires any more."""
    left = offered_rules().schemes.usable
    lost = [one for key, one in before.schemes.usable.items() if key not in left]
    if lost:
        named = _(", ").join(words(one.title) for one in lost)
        flash(
            _("These schemes do not fit it and are not offered: %(named)s", named=named)
        )


def _begun(kind: str, written: Written) -> ResponseReturnValue:
    """Keep the draft and lead to its page."""
    made = verbs.make_draft(writer(), kind, written, hand())
    flash(_("The draft is there. Nobody can choose it until you make it ready."))
    return redirect(url_for(".rule", rule_id=made.id), 303)


def _next_version(kind: str, key: str, rules: OfferedRules) -> int:
    """Return the first version that no text of this key has, and no file."""
    now = shelf_of(rules, kind).get(key)
    with looking() as reader:
        own = verbs.newest_frozen(reader, kind, key)
    return max(own, version_of(now) if now else 0) + 1


def _free(kind: str, key: str, rules: OfferedRules) -> str:
    """Return a key that nothing of this kind has, as near to this one as can be."""
    with looking() as reader:
        taken = verbs.keys_of(reader, kind)
    return free_key(key, taken | set(shelf_of(rules, kind)))
