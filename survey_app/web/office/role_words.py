"""Roles in words: what each is called, and what whoever holds it may do."""

from flask_babel import gettext as _

from survey_app.accounts import permissions
from survey_app.accounts.permissions import BY_TWO, ROLES, Standing
from survey_app.domain.ground.marked import message
from survey_app.web.office.pages import pages

WORDS: dict[str, tuple[str, str]] = {
    permissions.DESIGNER: (
        message("designer"),
        message("Surveys, questionnaires, channels, roster; requests tickets."),
    ),
    permissions.TYPIST: (
        message("typist"),
        message("Types sheets of paper and telephone interviews; sees no result."),
    ),
    permissions.ISSUER: (
        message("issuer"),
        message("Issues tickets of secret ballots."),
    ),
    permissions.KEY_HOLDER: (
        message("key holder"),
        message("Brings one of the two keys of a ballot box."),
    ),
    permissions.COUNTER: (
        message("counter"),
        message("Decrypts a ballot box and settles what was in it."),
    ),
    permissions.REVIEWER: (
        message("reviewer"),
        message(
            "Verifies alerts, hears people, reads comments; proposes and confirms "
            "bonuses, named ratings and corrections."
        ),
    ),
    permissions.DECIDER: (
        message("decision maker"),
        message("Decides on measures; begins and settles cycles; voids surveys."),
    ),
    permissions.LEADER: (
        message("leading group"),
        message("Records what the leading group agreed to; reads results."),
    ),
    permissions.READER: (
        message("reader"),
        message("Reads results, score sheets, alerts and exports; changes nothing."),
    ),
    permissions.LIAISON: (
        message("unit liaison"),
        message("Sees what concerns one unit, and objects for it."),
    ),
    permissions.APPRAISED: (
        message("appraised"),
        message("Sees one’s own figures and alerts, and objects."),
    ),
    permissions.AUDITOR: (
        message("auditor"),
        message("Reads everything, the record included; changes nothing."),
    ),
    permissions.KEEPER: (
        message("system keeper"),
        message("Accounts and settings; no results."),
    ),
}


def role_word(role: str) -> str:
    """Return what a role is called."""
    return _(WORDS[role][0])


def role_means(role: str) -> str:
    """Return what whoever holds the role may do."""
    return _(WORDS[role][1])


def roles_said(standing: Standing) -> str:
    """Return the roles of an account in words, or how many where they are many."""
    if len(standing.roles) > 2:
        return _("roles: %(count)s", count=len(standing.roles))
    return _(", ").join(role_word(role) for role in standing.roles) or _("no role")


pages.add_app_template_global(role_word)
pages.add_app_template_global(role_means)
pages.add_app_template_global(roles_said)
pages.add_app_template_global(lambda: list(ROLES), "all_roles")
pages.add_app_template_global(lambda: BY_TWO, "by_two")
