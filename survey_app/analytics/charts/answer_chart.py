"""How each rater group answered a question: bars that part at objection.

To the left of the middle stands who objects, to the right who does not, and both begin
there, so that either side can be compared from group to group (Heiberger and Robbins,
Journal of Statistical Software 57(5), 2014). What the scheme counts as dissatisfied
decides the side: no choice is called neutral by us. Choices without points, such as
"don't know", are on neither side: they stand apart, hatched, at the right end, where
they push nobody to a side.
"""

from collections.abc import Collection, Sequence

from survey_app.analytics.charts.picture import (
    APART,
    CONTENT,
    NOT_SHOWN,
    OBJECTS,
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
    "中线左为不满意，右为其他评价；右端单列的不计入两侧。",
    "Left of the middle: dissatisfied; right of it: all other ratings. What stands "
    "apart at the right end is on neither side.",
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
    most = -(-max((left for left, _, _ in reach), default=0) // 25) * 25
    beyond = -(-max((right for _, right, _ in reach), default=100) // 25) * 25
    apart = max((without for _, _, without in reach), default=0)
    start = beyond + GAP if apart else beyond
    return Picture(
        key=f"answers-{question.key}",
        title=title or question.text.in_language(language),
        axis=Axis(
            -most,
            start + apart,
            tuple(
                (float(at), f"{abs(at)}%" if at else "0")
                for at in range(-int(most), int(beyond) + 1, 25)
            ),
        ),
        looks=_looks(order, objecting, language),
        rows=tuple(
            _row(group, order, objecting, start, language)
            for group in question.groups
        ),
        note=MIDDLE.in_language(language) if question.told and objecting else "",
    )  # fmt: skip


def _in_order(
    choices: Sequence[Choice], objecting: Collection[str]
) -> tuple[Choice, ...]:
    """Return the choices from left to right: the strongest objection outermost."""
    ratings = [c for c in choices if c.rates]
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
    return tuple(
        Series(
            choice.label.in_language(language),
            shades.get(choice.key, APART),
            hatched=not choice.rates,
        )
        for choice in order
    )


def _spread(number: int) -> tuple[str, ...]:
    """Return so many blues, from the lightest to the darkest."""
    last = len(CONTENT) - 1
    return tuple(CONTENT[round(n * last / max(number - 1, 1))] for n in range(number))


def _reach(
    group: GroupAnswers, objecting: Collection[str]
) -> tuple[float, float, float]:
    """Return how far the bars reach to the left, to the right, and apart."""
    left, right, apart = 0.0, 0.0, 0.0
    for piece in group.choices:
        size = printed(piece.share * 100, 1)
        if not piece.rates:
            apart += size
        elif piece.key in objecting:
            left += size
        else:
            right += size
    return left, right, apart


def _row(
    group: GroupAnswers,
    order: Sequence[Choice],
    objecting: Collection[str],
    start: float,
    language: str,
) -> PictureRow:
    label = group.label.in_language(language)
    if not group.is_told:
        return PictureRow(label, hidden=band_words(group.band, language, group.said))
    pieces = {piece.key: piece for piece in group.choices}
    left = [c.key for c in order if c.key in objecting]
    at = {"left": -_reach(group, objecting)[0], "right": 0.0, "apart": start}
    marks = []
    for place, choice in enumerate(order):
        piece = pieces.get(choice.key)
        if piece is None:
            continue
        side = "left" if choice.key in left else "right" if piece.rates else "apart"
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
