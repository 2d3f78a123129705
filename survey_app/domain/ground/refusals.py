"""Every way we say no to a person: one tree, of which this is root and trunk.

What concerns accounts stands in `account_refusals`, cycles and corrections in
`cycle_refusals`, files in `file_faults`. The words and the status of each stand in
`survey_app.refusing`.
A refusal carries neither a code nor a name, so that a log line cannot either.
"""

from survey_app.domain.ground.broken_promises import BrokenPromise
from survey_app.domain.ground.missing import Missing


class Refusal(Exception):  # noqa: N818 -- a refusal is not an error: the house's word
    """A request we understood and decline; the class name says why."""


class UnknownChannel(Refusal):
    """No survey hides behind this code."""


class SurveyNotYetOpen(Refusal):
    """The survey exists, but its first day has not come."""


class SurveyClosed(Refusal):
    """The survey exists, but its last day has passed."""


class SurveyVoid(SurveyClosed):
    """Two officials declared the survey void: nothing of it counts."""


class RehearsalOver(Refusal):
    """The page was served while the survey was rehearsed; now it is in earnest."""


class UnknownReceipt(Refusal):
    """No counted answer has this receipt code."""


class UnreadableForm(Refusal):
    """What was sent is not text in UTF-8 as a form sends it."""


class TooLarge(Refusal):
    """More was sent than any questionnaire needs."""

    def __init__(self, sent: int = 0, most: int = 0) -> None:
        super().__init__()
        self.sent = sent
        """Bytes; 0 where nobody said."""
        self.most = most
        """Bytes that can be taken; 0 where nobody said."""


class TooManyRequests(Refusal):
    """So much came from one place that the server asks for patience."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class NotKept(Refusal):
    """The database did not answer; nothing was kept and nothing was counted."""

    is_known = True


class PerhapsKept(NotKept):
    """The database did not say whether it kept this: nobody knows."""

    is_known = False


class Damaged(Refusal):
    """A database is damaged: nothing of it can be shown."""


class SignInFailed(Refusal):
    """Name and password do not belong together."""


class SignInNeeded(Refusal):
    """The sign-in has ended, or there never was one."""


class PageExpired(Refusal):
    """The form belongs to no session that goes on: it was open for too long."""


class NotAllowed(Refusal):
    """The role of the account does not reach that far."""


class NameTaken(Refusal):
    """Another account or cycle has this name already."""


class NameRefused(Refusal):
    """The name is not what it looks like: unseen characters, or two alphabets."""


class NotFound(Refusal):
    """There is no such page or thing."""


class AddressMisused(Refusal):
    """The address exists, but not for what was asked of it."""


class AlreadyOpened(Refusal):
    """Since its opening nothing of the survey can be changed."""


class BeingRehearsed(AlreadyOpened):
    """The draft is being rehearsed; it changes once the rehearsal has ended."""


class VoidingAsked(Refusal):
    """Somebody asked for the voiding already; another account grants it."""


class NotExtended(Refusal):
    """The new last day is not later than the old one, or has passed."""


class NotRehearsed(Refusal):
    """The survey is not being rehearsed."""


class NotReadyToOpen(Refusal):
    """Something is missing before the survey can open; `missing` says what."""

    missing: tuple[Missing, ...] = ()

    def __init__(self, *missing: Missing) -> None:
        super().__init__()
        self.missing = missing


class ResultsSealed(Refusal):
    """Results are shown only after the survey has closed."""


class ResultsNotSettled(ResultsSealed):
    """The survey is over; results come once it was closed, or its box decrypted."""


class PlanChanged(Refusal):
    """What was frozen or settled of these surveys is not what was sealed."""

    def __init__(self, *surveys: int) -> None:
        super().__init__()
        self.surveys = surveys


class CountersDiffer(Refusal):
    """The counters of these surveys do not say what the answers say."""

    def __init__(self, *surveys: int) -> None:
        super().__init__()
        self.surveys = surveys


class VoidNotSettled(ResultsNotSettled):
    """The survey is void, but its voiding was cut off before the results say so."""


class NoBallotDatabase(Refusal):
    """The settings name no database for secret ballots."""


class WrongMode(Refusal):
    """Only a survey of the other mode can be treated like that."""


class TwoAccountsNeeded(Refusal):
    """Whoever asked for it cannot be the one who grants it."""


class AnotherPersonNeeded(Refusal):
    """Whoever declared a survey void does not destroy what could prove it."""


class PasswordStillGiven(Refusal):
    """One of two accounts still has a password that somebody else gave it."""


class PasswordGivenSince(Refusal):
    """Since it was asked for, whoever acts now gave the asking account a password."""


class OwnerNotConfirmed(Refusal):
    """Nobody independent had confirmed the owner of one of the two accounts."""


class NotYoursToConfirm(Refusal):
    """Nobody confirms the own account, or one that got a password from this hand."""


class AlreadyPrinted(Refusal):
    """Slips are printed once; a lost print voids the batch."""


class SlipsAreOut(Refusal):
    """Slips were printed for the people and keys there are; they fit no others."""


class GroupTooSmall(Refusal):
    """Too few people belong to the group for a secret ballot."""


class UnsafeServer(Refusal):
    """A setting of a server would break the promise; `reasons` name every one."""

    reasons: tuple[BrokenPromise, ...] = ()

    def __init__(self, *reasons: BrokenPromise) -> None:
        super().__init__()
        self.reasons = reasons


class SecretsMissing(Refusal):
    """The pepper or signing key of this survey is not in the folder of secrets."""


class WrongPassphrase(Refusal):
    """The passphrase does not open this key file."""


class WeakPassphrase(Refusal):
    """The passphrase is too short, or made of what is guessed first."""


class WeakPassword(Refusal):
    """The password is too short, or made of what is guessed first."""

    def __init__(self, *, short: bool) -> None:
        super().__init__()
        self.short = short


class KeyRefused(Refusal):
    """It is no key file, not a whole one, or not one of this survey's."""


class KeyOfAnotherSurvey(KeyRefused):
    """Another survey names this key; keys are made anew for each and destroyed."""


class ExportRefused(Refusal):
    """The export is cut short, was changed, or belongs to another survey."""


class ChallengesNotCompared(Refusal):
    """Auditors must say first that every challenge ballot was opened as it was cast."""


class ChallengeNotDecrypted(Refusal):
    """A challenge ballot does not open: nothing else is opened, the survey is void."""


class BoxNotReady(Refusal):
    """The ballot box is not as far as this needs, or already further."""


class TicketNotTaken(Refusal):
    """The ticket is unknown, used, void, or its box is not open: never said which."""


class CommentsSealed(Refusal):
    """Too few texts or too few answers: nobody reads what was written."""


class CommentSettled(Refusal):
    """Two readers agree on this comment; nothing changes it any more."""


class EditRefused(Refusal):
    """The edited text is empty, or longer than what was written."""


class ThemesChanged(Refusal):
    """Somebody wrote other themes meanwhile, or agreed on these already."""


class PdfNotPossible(Refusal):
    """The server cannot lay papers out as PDF; their pages print all the same."""
