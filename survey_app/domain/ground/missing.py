"""What a survey or a secret ballot lacks before it opens, and how that is said.

The verbs find it, pages and terminal show it: all of them by these sentences. Who shows
one hands over the translation of the moment, and what the thing it is about is called.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from survey_app.domain.ground.marked import message


class Lack(Enum):
    """One kind of thing that is missing, and what to do; in the order they are told."""

    SETTLED = message(
        "Its appraisal cycle is settled: draft the survey anew in another cycle."
    )
    SUBJECTS = message("The survey is about nobody yet: add its subjects.")
    CHANNELS = message("There is no channel yet: add the channels.")
    DAYS = message("Its last day has passed: change the days.")
    WAY_TO_SUBJECT = message("No channel leads to %(name)s: add one.")
    COMPONENT = message(
        "The scheme of this appraisal cycle has no such component: draft the survey "
        "anew."
    )
    QUESTIONNAIRE = message(
        "The component asks for another questionnaire: draft the survey anew."
    )
    BALLOT_RULES = message(
        "A ballot rule of the scheme asks for more answers than a form has, so nobody "
        "could obey it: draft the survey under a scheme that asks for less."
    )
    WAY_OF_GROUP = message("“%(name)s” has no channel: add one.")
    OPEN_CODE = message(
        "“%(name)s” are known people, yet whoever passes its code may answer: remove "
        "that channel and give slips, or add it again and say why it is open."
    )
    KEY_HOLDERS = message("The keys of both key holders are needed: upload them.")
    BATCHES = message("There are no tickets yet: give the numbers of a unit.")
    UNIT = message(
        "%(name)s has no tickets, or nobody to rate: give its numbers, or take its "
        "subjects out."
    )
    BATCH_WAITING = message(
        "The tickets of %(name)s wait for the second account: let it issue them."
    )
    BATCH_OUTGROWN = message(
        "Since the slips of %(name)s were printed, subjects, questions or groups were "
        "changed: void the batch and request it anew."
    )
    BATCH_CHANGED = message(
        "%(name)s has not as many tickets as were issued, because somebody changed the "
        "database: void this batch and request it again."
    )
    SECRETS = message(
        "Slips are printed, but the folder of secrets no longer has what they need: "
        "put the folder back, or void all batches and issue them anew."
    )
    COMMITMENTS = message(
        "There are more audit commitments than auditors may have: take some out."
    )


_ORDER = tuple(Lack)


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing."""

    lack: Lack
    of: int | str = ""
    """Which subject, rater group, unit or batch it is about, where it is about one."""

    def say(self, translate: Callable[[str], str], name: str = "") -> str:
        """Return the sentence; `name` is what the thing it is about is called."""
        return translate(self.lack.value) % {"name": name or self.of}


def in_order(found: Iterable[Missing]) -> tuple[Missing, ...]:
    """Return all that is missing in the order in which it is told."""
    return tuple(sorted(found, key=lambda one: _ORDER.index(one.lack)))


def worth_telling(found: Iterable[Missing]) -> list[Missing]:
    """Return what is told: groups without a channel say all "no channel yet" would."""
    missing = in_order(found)
    by_group = any(one.lack is Lack.WAY_OF_GROUP for one in missing)
    return [one for one in missing if one.lack is not Lack.CHANNELS or not by_group]
