"""How each rater group answered a question: bars that part at objection.

To the left of the middle stands who objects, to the right who does not, and both begin
there, so that either side can be compared from group to group (Heiberger and Robbins,
Journal of Statistical Software 57(5), 2014). What the scheme counts as dissatisfied
decides the side: no choice is called neutral by us. Choices without points, such as
"abstain" and "don't know", are on neither side: each stands apart at the right end, in
a column and a pattern of its own, where it pushes nobody to a side.

A line at one third of the objecting side is for the eye: whether a rule was crossed is
judged by its own denominator.
"""

from collections.abc import Collection, Mapping, Sequence

from survey_app.analytics.charts.picture import (
    APART,
    CONTENT,
    NOT_SHOWN,
    OBJECTS,
    PATTERNS,
    THIRD,
    Axis,
    Mark,
    Picture,
    PictureRow,
    Series,
    per_cent,
    printed,
)
from survey_app.analytics.survey_results import (
    ChoiceShare,
    GroupAnswers,
    QuestionResults,
)
from survey_app.domain.counting.subject_plan import Band
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.questionnaire import Choice
from survey_app.domain.scoring.score_sheet import rounded

GAP = 4
"""Per cent between the bars and what stands apart."""
SMALLEST_LABELLED = 6
"""Per cent; a narrower piece has no room for its number."""
MORE_THAN = Bilingual(
    "{of}人中超过{more}人不满意", "more than {more} of {of} dissatisfied"
)
SAID_THE_SAME = Bilingual(
    "{of}人中超过{more}人选“{choice}”", "more than {more} of {of} said “{choice}”"
)
MIDDLE = Bilingual(
    "中线左为不满意，右为其他评价；右端单列的不计入两侧。虚线为三分之一，"
    "仅供对照；是否超过以预警为准。",
    "Left of the middle: dissatisfied; right of it: all other ratings. What stands "
    "apart at the right end is on neither side. The dashed line is one third, for the "
    "eye; whether it is exceeded stands with the alerts.",
)


def answer_chart(
    question: QuestionResults,
    objecting: Collection[str],
    *,
    language: str,
    title: str = "",
) -> Picture:
    """Return the bars of one question, in per cent of each group's answers.

    A group whose counts are not told has its band, or the words that it is not shown,
    in the place of a bar.
    """
    order = _in_order(question.choices, objecting)
    reach = [_reach(group, objecting) for group in question.told]
    most = -(-max((left for left, _ in reach), default=0) // 25) * 25
    beyond = -(-max((right for _, right in reach), default=100) // 25) * 25
    starts, end = _columns(question, order, beyond)
    has_line = any(c.key in objecting and c.rates for c in order)
    return Picture(
        key=f"answers-{question.key}",
        title=title or question.text.in_language(language),
        axis=Axis(
            -max(most, THIRD + 2) if has_line else -most,
            end,
            tuple(
                (float(at), f"{abs(at)}%" if at else "0")
                for at in range(-int(most), int(beyond) + 1, 25)
            ),
            ((-THIRD, "1/3"),) if has_line else (),
        ),
        looks=_looks(order, objecting, language),
        rows=tuple(
            _row(group, order, objecting, starts, language)
            for group in question.groups
        ),
        note=MIDDLE.in_language(language) if question.told and objecting else "",
    )  # fmt: skip


def _columns(
    question: QuestionResults, order: Sequence[Choice], beyond: float
) -> tuple[dict[str, float], float]:
    """Return where each choice that stands apart begins, and where the last one ends.

    One that nobody picked takes no room.
    """
    starts, end = {}, beyond
    for choice in order:
        if choice.rates:
            continue
        widest = max(
            (
                printed(piece.share * 100, 1)
                for group in question.told
                for piece in group.choices
                if piece.key == choice.key
            ),
            default=0.0,
        )
        starts[choice.key] = end + GAP if widest else end
        end = starts[choice.key] + widest
    return starts, end


def _in_order(
    choices: Sequence[Choice], objecting: Collection[str]
) -> tuple[Choice, ...]:
    """Return the choices from left to right: the strongest objection outermost."""
    ratings = [c for c in choices if c.rates]
    if not objecting:
        return (*ratings, *(c for c in choices if not c.rates))
    if ratings and ratings[0].key in objecting:
        ratings.reverse()
    left = [c for c in ratings if c.key in objecting]
    right = [c for c in ratings if c.key not in objecting]
    without = [c for c in choices if not c.rates]
    return (*reversed(left), *reversed(right), *without)


def _looks(
    order: Sequence[Choice], objecting: Collection[str], language: str
) -> tuple[Series, ...]:
    left = [c for c in order if c.key in objecting]
    right = [c for c in order if c.rates and c.key not in objecting]
    shades = dict(zip((c.key for c in right), _spread(len(right)), strict=True))
    reds = (*OBJECTS, *[OBJECTS[-1]] * len(left))
    shades |= dict(zip((c.key for c in left), reds, strict=False))
    apart = [c.key for c in order if not c.rates]
    drawn = {key: PATTERNS[n % len(PATTERNS)] for n, key in enumerate(apart)}
    return tuple(
        Series(
            choice.label.in_language(language),
            shades.get(choice.key, APART),
            pattern=drawn.get(choice.key, ""),
        )
        for choice in order
    )


def _spread(number: int) -> tuple[str, ...]:
    """Return so many blues, from the lightest to the darkest."""
    last = len(CONTENT) - 1
    return tuple(CONTENT[round(n * last / max(number - 1, 1))] for n in range(number))


def _reach(group: GroupAnswers, objecting: Collection[str]) -> tuple[float, float]:
    """Return how far the bars reach to the left and to the right."""
    left, right = 0.0, 0.0
    for piece in group.choices:
        size = printed(piece.share * 100, 1)
        if piece.rates and piece.key in objecting:
            left += size
        elif piece.rates:
            right += size
    return left, right


def _row(
    group: GroupAnswers,
    order: Sequence[Choice],
    objecting: Collection[str],
    starts: Mapping[str, float],
    language: str,
) -> PictureRow:
    label = group.label.in_language(language)
    if not group.is_told:
        return PictureRow(label, hidden=band_words(group.band, language, group.said))
    pieces = {piece.key: piece for piece in group.choices}
    left = [c.key for c in order if c.key in objecting]
    at = {"left": -_reach(group, objecting)[0], "right": 0.0, **starts}
    marks = []
    for place, choice in enumerate(order):
        piece = pieces.get(choice.key)
        if piece is None:
            continue
        side = "left" if choice.key in left else "right" if piece.rates else choice.key
        end = at[side] + printed(piece.share * 100, 1)
        if piece.count:
            told = f"{label} · {choice.label.in_language(language)}\n{_told(piece)}"
            marks.append(Mark(place, at[side], end, text=_label(piece), told=told))
        at[side] = end
    return PictureRow(label, tuple(marks), value=f"n = {group.n}")


def band_words(band: Band | None, language: str, said: Bilingual | None = None) -> str:
    """Return what is said in the place of numbers: the band, or that none are shown."""
    if band is None:
        return NOT_SHOWN.in_language(language)
    if said is not None:
        same, choice = SAID_THE_SAME.in_language(language), said.in_language(language)
        return same.format(more=band.more_than, of=band.of, choice=choice)
    return MORE_THAN.in_language(language).format(more=band.more_than, of=band.of)


def _label(piece: ChoiceShare) -> str:
    """Return the share, or nothing where there is no room."""
    return per_cent(piece.share) if piece.share * 100 >= SMALLEST_LABELLED else ""


def _told(piece: ChoiceShare) -> str:
    """Return count, share and interval of one piece."""
    told = f"{piece.count} / {piece.n} = {rounded(piece.share * 100, 1)}%"
    if piece.interval is None:
        return told
    low, high = piece.interval.low * 100, piece.interval.high * 100
    return f"{told}\n95%: {low:.1f}–{high:.1f}%"
