"""What a version of a scheme would have changed in a settled cycle, beside the year."""

from dataclasses import dataclass
from fractions import Fraction

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from survey_app.accounts.permissions import SEE_RESULTS
from survey_app.analytics.compared.compare import COMPARE
from survey_app.analytics.compared.told import (
    ComparedSubject,
    SchemeComparison,
    comparison_of,
)
from survey_app.analytics.kept.sheet_text import remark_of_text
from survey_app.appraisal.cycle import Cycle
from survey_app.database import session, writer
from survey_app.domain.ground.cycle_refusals import CycleNotSettled
from survey_app.domain.ground.file_faults import FileRefused
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.scoring.score_sheet import rounded
from survey_app.jobs.jobs import ask_for, latest_job
from survey_app.rulebook.reading import scheme_in
from survey_app.rulebook.tables import RuleText
from survey_app.web.language import said
from survey_app.web.office.access import allow, username
from survey_app.web.office.found import found_cycle
from survey_app.web.office.pages import pages
from survey_app.web.office.rules.scheme_drafts import found_scheme

ON_A_PAGE = 100


@pages.get("/rules/<int:rule_id>/effects")
@allow(SEE_RESULTS)
def scheme_effects(rule_id: int) -> str:
    """Offer the settled cycles whose scores are about the same kind of subject."""
    rule = found_scheme(rule_id)
    scheme = _alone(rule)
    settled = select(Cycle).where(Cycle.settled_on.is_not(None))
    cycles = [
        cycle
        for cycle in session().scalars(settled.order_by(Cycle.id.desc()))
        if scheme and cycle.rules.subject == scheme.subject
    ]
    return render_template(
        "office/rules/effects.html", rule=rule, scheme=scheme, cycles=cycles
    )


@pages.post("/rules/<int:rule_id>/effects/<int:cycle_id>")
@allow(SEE_RESULTS)
def ask_scheme_effect(rule_id: int, cycle_id: int) -> ResponseReturnValue:
    """Let it be worked out beside the requests."""
    rule, cycle, _scheme = _both(rule_id, cycle_id)
    writing = writer()
    number = ask_for(
        writing, COMPARE, about=cycle.id, detail=str(rule.id), account=username()
    )
    writing.commit()
    return redirect(url_for(".job", job_id=number), 303)


@pages.get("/rules/<int:rule_id>/effects/<int:cycle_id>")
@allow(SEE_RESULTS)
def scheme_effect(rule_id: int, cycle_id: int) -> str:
    """Show what was worked out: who changes by how much, and which alerts."""
    rule, cycle, scheme = _both(rule_id, cycle_id)
    number = max(request.args.get("page", 1, type=int), 1)
    first = (number - 1) * ON_A_PAGE
    kept = comparison_of(session(), cycle.id, rule.id, first=first, many=ON_A_PAGE)
    row, found = kept or (None, None)
    everybody = found.became.all if found else 0
    return render_template(
        "office/rules/effect.html",
        rule=rule,
        cycle=cycle,
        row=row,
        found=found,
        is_stale=row is not None and row.fingerprint != scheme.fingerprint,
        job=latest_job(session(), COMPARE, about=cycle.id, detail=str(rule.id)),
        lines=[_line(one, cycle, found) for one in found.subjects] if found else [],
        number=number,
        last=max((everybody + ON_A_PAGE - 1) // ON_A_PAGE, 1),
        alerts=found.alerts if found else (),
    )


def _both(rule_id: int, cycle_id: int) -> tuple[RuleText, Cycle, Scheme]:
    """Return version, cycle and scheme; raises NotFound where they cannot be compared.

    CycleNotSettled where the scores of the cycle are not final yet.
    """
    rule, cycle = found_scheme(rule_id), found_cycle(cycle_id)
    scheme = _alone(rule)
    if scheme is None or scheme.subject != cycle.rules.subject:
        raise NotFound
    if not cycle.is_settled:
        raise CycleNotSettled
    return rule, cycle, scheme


def _alone(rule: RuleText) -> Scheme | None:
    """Return the scheme, None while it has faults; its cycle has its own questions."""
    try:
        return scheme_in(rule.text, rule.key)
    except FileRefused:
        return None


@dataclass(frozen=True, slots=True)
class EffectLine:
    """One subject as the list tells it."""

    subject: ComparedSubject
    before: str
    after: str
    change: str
    why: str


def _line(one: ComparedSubject, cycle: Cycle, found: SchemeComparison) -> EffectLine:
    """Return the line of one subject; each score rounded as its scheme says."""
    places = max(found.places, cycle.rules.places.value)
    change = ""
    if one.change is not None:
        sign = "+" if one.change > 0 else ""
        change = f"{sign}{rounded(one.change, places)}" if one.change else _("same")
    return EffectLine(
        one,
        before=_score(one.before, cycle.rules.places.value),
        after=_score(one.after, found.places),
        change=change,
        why=said(remark_of_text(one.why)) if one.why else "",
    )


def _score(score: Fraction | None, places: int) -> str:
    return "" if score is None else rounded(score, places)
