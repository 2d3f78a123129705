"""One answer on its way in: checked picks, ready to be kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_app.domain.ground.canonical import written_size
from survey_app.domain.ground.clean_text import characters
from survey_app.domain.questionnaire.questionnaire import Questionnaire

COMMENT_LIMIT = 300
"""Characters as a person counts them; long enough for a remark, too short for a
confession."""
COMMENT_ROOM = 12_000
"""Bytes as JSON writes them: room for as many emoji, each made of ten parts."""

WIDEST = 6
"""Bytes of the widest letter in JSON, a control character."""


def surplus(text: str, room: int) -> int:
    """Return how many characters at the end of a comment are too many; 0: it fits.

    What a person counts as one character can be written with any number of letters, so
    the room is limited too.
    """
    if len(text) <= min(COMMENT_LIMIT, room // WIDEST):
        return 0  # nobody counts more characters than there are letters
    left = room
    for place, one in enumerate(found := characters(text)):
        left -= written_size(one)
        if place == COMMENT_LIMIT or left < 0:
            return len(found) - place
    return 0


@dataclass(frozen=True, slots=True)
class NewResponse:
    """A complete answer; from here on nobody remembers there was a browser."""

    survey_id: int
    channel_id: int
    rater_group: str
    subject_id: int
    picks: tuple[tuple[str, str], ...]
    """(question, choice), in the questionnaire's order."""
    comment: str
    receipt: bytes
    rehearsed: bool = False
    """Whether its page was a rehearsal's: it is kept in a rehearsal or not at all."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that has no usable answer, and why."""

    question: str
    why: str
    """"missing", "twice" or "unknown"."""


def gaps_in(
    questionnaire: Questionnaire, sent: Mapping[str, Sequence[str]]
) -> tuple[Gap, ...]:
    """Return what keeps these picks from being complete, in the order asked."""
    found = []
    for question in questionnaire.questions:
        picks = sent.get(question.key, ())
        if not picks:
            found.append(Gap(question.key, "missing"))
        elif len(picks) > 1:
            found.append(Gap(question.key, "twice"))
        elif picks[0] not in question.choice_keys:
            found.append(Gap(question.key, "unknown"))
    return tuple(found)
