"""What about a channel is unusual enough that somebody must look, from counts alone.

A flag is a reason to look and nothing more: what is shown with and without a channel,
and whether its answers count, people decide. Every rule compares whole numbers.
Thresholds of our own, none of them published; see docs/anonymity.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from statistics import median

from survey_app.domain.counting.bursts import bursts_in, is_burst
from survey_app.domain.ground.channel_kind import SINGLE_USE, ChannelKind

FEWEST = 30
"""Answers of a channel below which neither likeness nor shares say anything."""
ALIKE = Fraction(3, 5)
"""More than so many of the same answers to every question."""
QUESTIONS = 4
"""So many questions must be asked before equal answers are unusual."""
LARGEST = Fraction(2, 5)
"""More than so many of what a rater group said of one subject, through one channel."""
BESIDE = 4
"""Of so many channels at least; of two, one always has half."""
NO_PROOF = Fraction(1, 2)
"""More than so many that came without a proof of work."""
NIGHT = (22, 6)
"""Hours from and to which no counter is open and few people answer."""
AT_ONCE = SINGLE_USE | {ChannelKind.PAPER}
"""Kinds through which people answer in one meeting, or sheets are typed in together."""
DAYS = 5
"""So many days with answers before anybody knows what is usual in a quarter."""


class Flag(StrEnum):
    """Why somebody must look at a channel."""

    BURST = "burst"
    """A day with far more answers than its other days."""
    RUSH = "rush"
    """A quarter of an hour with far more than others at this time of the week."""
    NIGHT = "night"
    """Many answers in the middle of the night."""
    ALIKE = "alike"
    """Most of its answers are the same, letter by letter."""
    LARGEST = "largest"
    """Most of what is said of somebody came this one way, of several."""
    VISITORS = "visitors"
    """More answers on a day than people are expected there."""
    SLIPS = "slips"
    """More answers about somebody than slips were given out."""
    NO_PROOF = "no-proof"
    """Most of its answers came without a proof of work."""


@dataclass(frozen=True, slots=True)
class ChannelCounts:
    """What is known of one channel, nothing of it about one person."""

    channel_id: int
    kind: ChannelKind
    rater_group: str
    by_day: Mapping[date, int]
    by_subject: Mapping[int, int]
    visitors: int | None = None
    codes_out: int = 0
    alike: int = 0
    """How many of its answers are the same as the commonest one."""
    without_proof_of: int | None = None
    rushes: Mapping[tuple[date, int], int] = field(default_factory=dict)
    """Day and quarter of an hour (0 to 95) → answers, where they were many."""

    @property
    def answers(self) -> int:
        """All answers that came through it."""
        return sum(self.by_day.values())


@dataclass(frozen=True, slots=True, order=True)
class Flagged:
    """One flag of one channel, and the numbers that raised it."""

    channel_id: int
    flag: Flag
    found: int
    """So many were counted."""
    of: int
    """Of so many, or where so many are usual, expected or given out."""


def flags_of(
    channels: Sequence[ChannelCounts], *, questions: int, first: date, last: date
) -> tuple[Flagged, ...]:
    """Return every flag of a survey's channels, by channel.

    `questions` is how many are asked; `first` and `last` are the days between which
    answers came.
    """
    found = [
        flagged
        for one in channels
        for flagged in (*_alone(one, questions, first, last), *_hours(one))
    ]
    found += _largest(channels)
    found += _without_proof(channels)
    return tuple(sorted(found))


def _alone(
    one: ChannelCounts, questions: int, first: date, last: date
) -> Iterator[Flagged]:
    """Yield the flags of a channel that no other one is needed for.

    Of paper the day is the one on which a stack was counted, and says nothing.
    """
    by_day = {} if one.kind is ChannelKind.PAPER else one.by_day
    bursts = list(bursts_in(by_day, first=first, last=last))
    if bursts and one.kind not in AT_ONCE:
        worst = max(bursts, key=lambda burst: burst.answers)
        yield Flagged(one.channel_id, Flag.BURST, worst.answers, int(worst.usual))
    many, answers = one.answers >= FEWEST, one.answers
    if many and questions >= QUESTIONS and one.alike > ALIKE * answers:
        yield Flagged(one.channel_id, Flag.ALIKE, one.alike, answers)
    most = max(by_day.values(), default=0)
    if one.visitors is not None and most > one.visitors:
        yield Flagged(one.channel_id, Flag.VISITORS, most, one.visitors)
    about = max(one.by_subject.values(), default=0)
    if one.kind.is_single_use and about > one.codes_out:
        yield Flagged(one.channel_id, Flag.SLIPS, about, one.codes_out)


def _hours(one: ChannelCounts) -> Iterator[Flagged]:
    """Yield what a channel's crowded quarters of an hour say.

    Quarters with few answers are not known, and count as none: what is usual can only
    be more than what is taken for it.
    """
    if one.kind in AT_ONCE:
        return
    late, early = NIGHT
    dark = {
        at: count
        for at, count in one.rushes.items()
        if not early <= at[1] // 4 < late and count >= FEWEST
    }
    if dark:
        yield Flagged(one.channel_id, Flag.NIGHT, max(dark.values()), FEWEST)
    worst: tuple[int, int] | None = None
    days = len(one.by_day)
    if days < DAYS:
        return
    for (day, quarter), count in one.rushes.items():
        alike = [
            many
            for (other, at), many in one.rushes.items()
            if at == quarter and other != day
        ]
        usual = Fraction(median([*alike, *[0] * (days - 1 - len(alike))]))
        if is_burst(count, usual) and (worst is None or count > worst[0]):
            worst = count, int(usual)
    if worst:
        yield Flagged(one.channel_id, Flag.RUSH, *worst)


def _largest(channels: Sequence[ChannelCounts]) -> Iterator[Flagged]:
    """Yield the channels through which most came of what a group said of somebody."""
    ways: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for one in channels:
        for subject, count in one.by_subject.items():
            place = ways.setdefault((subject, one.rater_group), [])
            place.append((count, one.channel_id))
    worst: dict[int, tuple[int, int]] = {}
    for several in ways.values():
        whole = sum(count for count, _ in several)
        count, channel = max(several)
        enough = len(several) >= BESIDE and whole >= FEWEST
        if enough and count > LARGEST * whole:
            worst[channel] = max(worst.get(channel, (0, 0)), (count, whole))
    for channel, (count, whole) in worst.items():
        yield Flagged(channel, Flag.LARGEST, count, whole)


def _without_proof(channels: Sequence[ChannelCounts]) -> Iterator[Flagged]:
    """Yield the streams without a proof of work that outgrew those with one."""
    answers = {one.channel_id: one.answers for one in channels}
    for one in channels:
        if one.without_proof_of is None:
            continue
        whole = one.answers + answers.get(one.without_proof_of, 0)
        if whole >= FEWEST and one.answers > NO_PROOF * whole:
            yield Flagged(one.channel_id, Flag.NO_PROOF, one.answers, whole)
