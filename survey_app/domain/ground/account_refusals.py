"""Every way we say no about roles and second factors."""

from survey_app.domain.ground.refusals import OwnerNotConfirmed, Refusal


class CodeNotFitting(Refusal):
    """The first code of a phone is none of the secret shown, or its clock is wrong."""

    def __init__(self, minutes: int | None = None) -> None:
        super().__init__()
        self.minutes = minutes
        """How far the phone's clock is ahead of ours; None: it was no code at all."""


class TwoOthersNeeded(Refusal):
    """A second factor is taken away by two people, and by neither of them its own."""


class OneHand(Refusal):
    """One account gave the password and would take the second factor away too."""


class LastKeeper(Refusal):
    """Without a keeper nobody could make accounts any more."""


class RolesExclude(Refusal):
    """One account may not hold both of these roles."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__()
        self.first, self.second = first, second


class RoleWithoutPlace(Refusal):
    """The role means nothing without the unit or the person it is about."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self.role = role


class RoleWithoutUnit(Refusal):
    """The role holds everywhere or not at all, and was to be limited to a unit."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self.role = role


class AccountChanged(Refusal):
    """Something was given to the account after the page that confirms it was shown."""


class KeeperOfAll(Refusal):
    """Whoever keeps the accounts is limited to no survey."""


class SecondNotConfirmed(OwnerNotConfirmed):
    """Nobody independent has confirmed the account that acts now; it can be mended."""


class RolesNotConfirmed(Refusal):
    """A role rests until somebody else than whoever gave it has confirmed it."""


class OwnMatter(Refusal):
    """Whoever is appraised would act for the office about himself."""


class RolesAtRest(Refusal):
    """The account holds two roles that exclude each other, and so has neither."""
