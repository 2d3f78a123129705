"""What the pages of questionnaires and schemes look up, and who writes there."""

from collections.abc import Callable

from markupsafe import Markup

from survey_app.domain.ground.refusals import NotFound
from survey_app.rulebook.acts import RuleHand
from survey_app.rulebook.tables import KINDS, RuleText
from survey_app.web.clock import today
from survey_app.web.office.access import username
from survey_app.web.office.found import looking

RulePage = Callable[[RuleText], str]
Telling = Callable[[str, str], Markup]
"""From the older and the newer text to what changed, drawn."""
_pages: dict[str, RulePage] = {}
_tellings: dict[str, Telling] = {}


def found_rule(rule_id: int) -> RuleText:
    """Return the text as it is now, apart from any session; raises NotFound."""
    with looking() as reader:
        rule = reader.get(RuleText, rule_id)
        if rule is None:
            raise NotFound
        reader.expunge(rule)
    return rule


def known_kind(kind: str) -> str:
    """Return the kind; raises NotFound for a word that is none."""
    if kind not in KINDS:
        raise NotFound
    return kind


def hand() -> RuleHand:
    """Return who sits here, and today."""
    return RuleHand(username(), today())


def draws(kind: str) -> Callable[[RulePage], RulePage]:
    """Return a decorator for what draws the page of one draft of this kind."""

    def register(view: RulePage) -> RulePage:
        _pages[kind] = view
        return view

    return register


def drawn_by(kind: str) -> RulePage | None:
    """Return what draws drafts of this kind; None where nothing does."""
    return _pages.get(kind)


def tells(kind: str) -> Callable[[Telling], Telling]:
    """Return a decorator for what tells the difference of two texts of this kind."""

    def register(telling: Telling) -> Telling:
        _tellings[kind] = telling
        return telling

    return register


def told_by(kind: str) -> Telling | None:
    """Return what tells differences of this kind; None: they are told by lines."""
    return _tellings.get(kind)
