"""What is said about accounts, and where two people are needed."""

from survey_app.domain.ground import account_refusals, refusals
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.refusals import Refusal
from survey_app.refusing.said import Said

PEOPLE: dict[type[Refusal], Said] = {
    refusals.SignInFailed: Said(403),
    refusals.SignInNeeded: Said(401),
    refusals.PageExpired: Said(
        400,
        office=(
            message("This page was open for too long"),
            message("Go back, load the page again and send once more."),
        ),
        respondent=(
            message("This page is too old"),
            message("Load it again, then repeat the last step."),
        ),
    ),
    refusals.NotAllowed: Said(
        403,
        office=(
            message("Your account may not do this"),
            message("Ask whoever keeps the accounts if you need it."),
        ),
    ),
    refusals.NameTaken: Said(
        409,
        terminal=message("This name, or one that looks like it, is taken."),
    ),
    refusals.NameRefused: Said(
        422,
        terminal=message(
            "The name is not what it looks like: type it in one alphabet and in "
            "ordinary width."
        ),
    ),
    account_refusals.LastKeeper: Said(
        409,
        terminal=message("Nobody else keeps the accounts: give somebody the role."),
    ),
    account_refusals.RolesExclude: Said(
        422, terminal=message("Nobody may hold both of these roles.")
    ),
    account_refusals.RoleWithoutPlace: Said(
        422, terminal=message("Name the unit, or the person, that the role is about.")
    ),
    account_refusals.RoleWithoutUnit: Said(
        422,
        terminal=message(
            "One of these roles cannot be limited to a unit: leave the unit out, or "
            "give that role to another account."
        ),
    ),
    account_refusals.KeeperOfAll: Said(
        409,
        office=(
            message("A keeper of the accounts is limited to no survey"),
            message("Give the role of the keeper to another account first."),
        ),
        back=("accounts",),
    ),
    account_refusals.RolesAtRest: Said(
        403,
        office=(
            message("Two of your roles exclude each other"),
            message(
                "Neither of them is in force until whoever keeps the accounts has "
                "taken one of them from you."
            ),
        ),
    ),
    account_refusals.RolesNotConfirmed: Said(
        403,
        office=(
            message("Your roles wait for a second person"),
            message(
                "Whoever sees results, counts or decides is confirmed by somebody else "
                "than whoever gave the role or the password. Ask another person who "
                "keeps accounts or decides to do so under “Accounts”, or whoever "
                "administers the server (“survey account confirm”)."
            ),
        ),
    ),
    account_refusals.OwnMatter: Said(
        403,
        office=(
            message("This is about you"),
            message(
                "Nobody acts for the office in his own matter. Leave it to another "
                "account; what you have to say you can file as a request for a "
                "re-check."
            ),
        ),
    ),
    account_refusals.AccountChanged: Said(
        409,
        office=(
            message("This account has changed meanwhile"),
            message(
                "Somebody gave it a password or roles after your page was shown. Look "
                "at it again, then confirm."
            ),
        ),
        back=("accounts",),
    ),
    refusals.WeakPassword: Said(422),
    refusals.TwoAccountsNeeded: Said(
        403,
        office=(
            message("This takes a second person"),
            message(
                "Whoever requested the tickets cannot issue them. Another person signs "
                "in with an account of their own and issues them."
            ),
        ),
        back=("survey",),
    ),
    refusals.AnotherPersonNeeded: Said(
        403,
        office=(
            message("Another person must do this"),
            message(
                "Whoever declared the survey void does not destroy its envelopes too. "
                "Let another person sign in with an account of their own and do the "
                "last step."
            ),
        ),
        terminal=message(
            "Whoever declared a survey void does not destroy what could prove it."
        ),
        back=("survey",),
    ),
    refusals.PasswordStillGiven: Said(
        403,
        office=(
            message("One of the two accounts still has a password somebody gave it"),
            message(
                "Two accounts stand for two people only while each knows its own "
                "password alone. Let the owner of the account sign in and choose one; "
                "then repeat this step."
            ),
        ),
        back=("survey", "named ratings"),
    ),
    refusals.PasswordGivenSince: Said(
        403,
        office=(
            message("You gave the other account a new password"),
            message(
                "That was after the batch was requested. Void the batch on the "
                "survey’s page, let the owner of the account sign in and choose a "
                "password of their own, and request the batch anew."
            ),
        ),
        back=("survey",),
    ),
    refusals.OwnerNotConfirmed: Said(
        403,
        office=(
            message("Nobody has confirmed yet that these are two people"),
            message(
                "Where two must act, an account counts as the second only once "
                "somebody else than the first, who made neither of the two, has "
                "confirmed its owner under “Accounts”; whoever administers the server "
                "can do so with “survey account confirm”. That must have been before "
                "the act was asked for: withdraw it or void the batch, and ask anew."
            ),
        ),
        back=("survey", "named ratings"),
    ),
    account_refusals.SecondNotConfirmed: Said(
        403,
        office=(
            message("Nobody has confirmed yet who owns your account"),
            message(
                "Your password first came from the other account, or from somebody who "
                "belongs to it. That you chose one of your own is not held against "
                "you. Let a third person confirm you under “Accounts”, or whoever "
                "administers the server (“survey account confirm”); then repeat this "
                "step. Nothing has to be asked for anew."
            ),
        ),
        back=("survey", "named ratings"),
    ),
    refusals.NotYoursToConfirm: Said(
        403,
        office=(
            message("This is not yours to confirm"),
            message(
                "Nobody confirms the own account, or one whose password or roles came "
                "from this hand. Ask another person, or whoever administers the server."
            ),
        ),
        back=("accounts",),
    ),
    account_refusals.CodeNotFitting: Said(422),
    account_refusals.TwoOthersNeeded: Said(
        403,
        office=(
            message("Two others must do this"),
            message(
                "A second factor is taken away by two people, and neither of them is "
                "its owner. Ask another account that keeps accounts, or whoever "
                "administers the server (“survey account reset-code”)."
            ),
        ),
        back=("accounts",),
    ),
    account_refusals.OneHand: Said(
        403,
        office=(
            message("Password and second factor never come from one hand"),
            message(
                "Whoever gave an account its password does not take its second factor "
                "away, and whoever took that away gives it no password before its "
                "owner has set up a new one: one person could sign in as the other. "
                "Let somebody else do this step, or whoever administers the server."
            ),
        ),
        back=("accounts",),
    ),
}
