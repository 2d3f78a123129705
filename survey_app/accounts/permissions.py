"""Who may what: roles are sets of permissions, and some roles exclude each other.

An account holds any number of roles, each everywhere or in one unit and what stands
below it. Of two that exclude each other an account that holds both, from before, has
neither until somebody mends it (decision 51).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from survey_app.settings import SettingsError

SIGNED_IN = "signed-in"
"""What every account may: its own password, the way out."""
SEE_TURNOUT = "see-turnout"
"""How many answered, while a survey runs and afterwards."""
SEE_RESULTS = "see-results"
"""Results, score sheets, alerts and pictures."""
EXPORT = "export"
"""Take results away as a file."""
DESIGN = "design"
"""Surveys, questionnaires, channels, and the roster from a workbook."""
TYPE = "type"
"""Type what others answered on paper or on the telephone."""
RULES = "rules"
"""Write questionnaires and schemes of one's own, and withdraw them."""
REQUEST_TICKETS = "request-tickets"
ISSUE = "issue"
"""Tickets: whoever issues holds every one of them in his hand."""
HOLD_KEY = "hold-key"
"""Bring the key of a box, and take it away before the opening."""
COUNT = "count"
"""Decrypt a box and settle what was in it."""
ADJUST = "adjust"
"""Propose bonuses, named ratings, corrections; replace a given value."""
CONFIRM = "confirm"
"""Be the second person of those."""
SETTLE = "settle"
"""Begin and settle a cycle; extend or void what is under way."""
REVIEW = "review"
"""Verify an alert, record a hearing, follow it up; read comments before release."""
DECIDE = "decide"
"""Decide on a measure."""
LEAD = "lead"
"""Record what the leading group agreed to."""
SEE_OWN = "see-own"
"""One's own figures and alerts, and an objection against them."""
REPORT_UNIT = "report-unit"
"""What concerns one's unit, and an objection for it."""
INSPECT = "inspect"
"""Look at what others work on, and change nothing."""
SEE_RECORD = "see-record"
"""Every act of the office."""
KEEP = "keep"
"""Accounts and settings."""

CHANGING = frozenset(
    {
        DESIGN, TYPE, RULES, REQUEST_TICKETS, ISSUE, HOLD_KEY, COUNT, ADJUST, CONFIRM,
        SETTLE, REVIEW, DECIDE, LEAD, SEE_OWN, REPORT_UNIT, KEEP,
    }
)  # fmt: skip
"""With these something can be changed."""
TELLING = frozenset({SEE_RESULTS, EXPORT, COUNT})
"""With these something of the answers can be read."""
TRUSTED = TELLING | {SEE_OWN, DECIDE, LEAD}
"""Nobody has these by the word of one keeper: see `Standing.is_confirmed`."""
PERMISSIONS = CHANGING | TELLING | {SIGNED_IN, SEE_TURNOUT, INSPECT, SEE_RECORD}

DESIGNER, ISSUER, KEY_HOLDER, COUNTER = "designer", "issuer", "key-holder", "counter"
TYPIST = "typist"
REVIEWER, DECIDER, LEADER = "reviewer", "decider", "leading-group"
LIAISON, APPRAISED = "liaison", "appraised"
AUDITOR, KEEPER, READER = "auditor", "keeper", "reader"

_READING = frozenset({SEE_TURNOUT, SEE_RESULTS, EXPORT})
ROLES: Mapping[str, frozenset[str]] = {
    DESIGNER: frozenset({SEE_TURNOUT, DESIGN, TYPE, RULES, REQUEST_TICKETS}),
    TYPIST: frozenset({TYPE}),
    ISSUER: frozenset({SEE_TURNOUT, ISSUE}),
    KEY_HOLDER: frozenset({SEE_TURNOUT, HOLD_KEY}),
    COUNTER: frozenset({SEE_TURNOUT, COUNT}),
    REVIEWER: _READING | {REVIEW, ADJUST, CONFIRM},
    DECIDER: _READING | {DECIDE, ADJUST, CONFIRM, SETTLE, RULES},
    LEADER: _READING | {LEAD},
    READER: _READING,
    LIAISON: frozenset({REPORT_UNIT}),
    APPRAISED: frozenset({SEE_OWN}),
    AUDITOR: _READING | {INSPECT, SEE_RECORD},
    KEEPER: frozenset({KEEP}),
}
"""Role → what it may, in the order in which roles are offered."""
OF_A_UNIT = frozenset({LIAISON})
"""Roles that mean nothing without a unit."""
OF_A_SUBJECT = frozenset({APPRAISED})
"""Roles that name the cadre, or the unit's leading body, that their holder is."""
EVERYWHERE_ONLY = frozenset(
    {TYPIST, ISSUER, KEY_HOLDER, COUNTER, LEADER, AUDITOR, KEEPER}
)
"""Roles whose work knows no unit: the tickets of a ballot, its box, the accounts."""

BY_TWO = frozenset(role for role, may in ROLES.items() if may & TRUSTED)
"""Roles that a keeper gives and somebody else confirms before they are in force."""

Pair = frozenset[str]
"""Two roles that one account may not hold."""


def _apart(one: Collection[str], other: Collection[str]) -> frozenset[Pair]:
    """Return the pairs of roles of which one has these and the other has those."""
    return frozenset(
        frozenset({first, second})
        for first, may in ROLES.items()
        for second, may_too in ROLES.items()
        if may & set(one) and may_too & set(other) and first != second
    )


FIXED = _apart({ISSUE}, {COUNT}) | _apart({KEEP}, TELLING) | _apart({INSPECT}, CHANGING)
"""Nobody both issues and counts, whoever keeps the system sees no result, and whoever
audits changes nothing: these no setting takes away."""


def exclusions(text: str) -> frozenset[Pair]:
    """Return the pairs that exclude each other: the fixed ones, and those named here.

    Written "designer+counter, reviewer+decider", as in SURVEY_EXCLUDED_ROLES. Raises
    SettingsError for what is no pair of two roles.
    """
    named = [part.strip() for part in text.split(",") if part.strip()]
    pairs = [frozenset(one.strip() for one in part.split("+")) for part in named]
    for part, pair in zip(named, pairs, strict=True):
        if len(pair) != 2 or not pair <= ROLES.keys():
            raise SettingsError(f"SURVEY_EXCLUDED_ROLES names no two roles: {part}")
    return FIXED | frozenset(pairs)


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One role of an account, and where it holds."""

    role: str
    unit_id: int | None = None
    """In this unit and what stands below it; None: everywhere."""
    subject_id: int | None = None
    """Who the appraised is; None for every other role."""


def limited(
    roles: Iterable[str], *, unit_id: int | None, subject_id: int | None
) -> tuple[Grant, ...]:
    """Return these roles, limited to a unit; of the appraised, who he is."""
    return tuple(
        Grant(
            role,
            None if role in OF_A_SUBJECT else unit_id,
            subject_id if role in OF_A_SUBJECT else None,
        )
        for role in roles
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account may, of all the roles it holds."""

    grants: tuple[Grant, ...]
    clashes: tuple[tuple[str, str], ...] = ()
    """The roles it holds and that exclude each other, in the order they are offered."""
    is_confirmed: bool = True
    """Whether somebody confirmed the owner since another account gave it a password, or
    one of the roles BY_TWO. Until then those rest: whoever gave them could sit here."""

    @classmethod
    def of(
        cls,
        grants: Iterable[Grant],
        excluded: frozenset[Pair] = FIXED,
        *,
        is_confirmed: bool = True,
    ) -> "Standing":
        """Return the standing of an account with these roles."""
        held = tuple(grants)
        return cls(held, clashes(held, excluded), is_confirmed)

    @property
    def resting(self) -> frozenset[str]:
        """The roles of which nothing may be done until somebody mends or confirms it.

        Keeping accounts never rests: who else should mend it? It shows no result.
        """
        apart = frozenset(role for pair in self.clashes for role in pair) - {KEEPER}
        return apart if self.is_confirmed else apart | self.awaiting

    @property
    def awaiting(self) -> frozenset[str]:
        """The roles that rest until somebody else confirms them."""
        return frozenset() if self.is_confirmed else BY_TWO & set(self.roles)

    @property
    def in_force(self) -> tuple[Grant, ...]:
        """The roles that hold."""
        resting = self.resting
        return tuple(one for one in self.grants if one.role not in resting)

    @property
    def roles(self) -> tuple[str, ...]:
        """Every role it holds, each once, in the order in which they are offered."""
        held = {one.role for one in self.grants}
        return tuple(role for role in ROLES if role in held)

    def may(self, *permissions: str) -> bool:
        """Return whether it may any of these, anywhere."""
        return SIGNED_IN in permissions or bool(self.granting(permissions))

    def granting(self, permissions: Collection[str]) -> tuple[Grant, ...]:
        """Return the roles that let it do any of these."""
        wanted = set(permissions)
        return tuple(one for one in self.in_force if ROLES[one.role] & wanted)

    def units(self, permissions: Collection[str]) -> frozenset[int] | None:
        """Return in which units, and below, it may any of these; None: everywhere.

        The appraised has no unit for it, only himself.
        """
        granting = self.granting(permissions)
        units = [one.unit_id for one in granting if one.role not in OF_A_SUBJECT]
        if SIGNED_IN in permissions or None in units:
            return None
        return frozenset(unit for unit in units if unit is not None)

    @property
    def own_subjects(self) -> frozenset[int]:
        """Whom the appraised who sits here may ask about: himself."""
        told = (one.subject_id for one in self.granting({SEE_OWN}))
        return frozenset(subject for subject in told if subject is not None)


def clashes(
    grants: Iterable[Grant], excluded: frozenset[Pair]
) -> tuple[tuple[str, str], ...]:
    """Return which two of these roles exclude each other."""
    roles = {one.role for one in grants}
    held = [role for role in ROLES if role in roles]
    return tuple(
        (first, second)
        for place, first in enumerate(held)
        for second in held[place + 1 :]
        if frozenset({first, second}) in excluded
    )
