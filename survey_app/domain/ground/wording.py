"""What the domain has to say, in words: one sentence for every remark.

The domain knows neither languages nor sentences; whoever shows a remark hands over
the translation of the moment.
"""

from collections.abc import Callable, Iterable

from survey_app.domain.ground.advice_wording import ADVICE_SENTENCES
from survey_app.domain.ground.import_wording import IMPORT_SENTENCES
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.remark import Remark

SENTENCES: dict[str, str] = {
    # How a number was made.
    "weighted-sum": message("Weighted sum of the parts, out of %(out_of)s."),
    "weighted-sum-renormalised": message(
        "Weighted sum of the parts that have a value, out of %(out_of)s; left out, as "
        "the scheme allows: %(left_out)s."
    ),
    "given-value": message("Handed in from outside, out of %(out_of)s."),
    "leading-body-score": message(
        "Overall score of the leading body, out of %(out_of)s."
    ),
    "named-mean": message(
        "Mean of %(ratings)s named ratings, out of %(out_of)s; given over a signature, "
        "not in secret."
    ),
    "named-rating": message("Named rating. Reason: %(reason)s"),
    "direct-points": message(
        "Direct points, at most %(out_of)s, added without a weight."
    ),
    "group-mean": message("Weighted mean of the rater groups' scores."),
    "group-mean-renormalised": message(
        "Weighted mean of the rater groups' scores; left out, as the scheme allows: "
        "%(left_out)s."
    ),
    "pooled-mean": message(
        "All rater groups counted as one; weighted mean of the questions."
    ),
    "pooled-mean-without-group": message(
        "All rater groups counted as one; weighted mean of the questions. Without an "
        "answer, as the scheme allows: %(left_out)s."
    ),
    "question-mean": message("Weighted mean of the questions."),
    "equal-question-mean": message("Mean of the questions, which all weigh the same."),
    "question-mean-renormalised": message(
        "Weighted mean of the questions; left out, as the scheme allows: %(left_out)s."
    ),
    "mean-of-points": message("Mean of the points of %(answers)s answers."),
    "trimmed-mean-of-points": message(
        "Mean of the points of %(answers)s answers; of %(counted)s the highest and "
        "the lowest were left out."
    ),
    "mean-of-numbers": message("Mean of the numbers that %(answers)s people gave."),
    "trimmed-mean-of-numbers": message(
        "Mean of the numbers that %(answers)s people gave; of %(counted)s the highest "
        "and the lowest were left out."
    ),
    "numbers-in-band": message(
        "%(count)s numbers lie here; each counts as it is, and none is told."
    ),
    "points-of-choice": message("Points of this choice; picked %(count)s times."),
    "points-of-choice-trimmed": message(
        "Points of this choice; picked %(count)s times, %(kept)s of them counted."
    ),
    "choice-not-counted": message(
        "Picked %(count)s times; not part of the mean, as the scheme says."
    ),
    "adjusted-before-weighting": message(
        "Bonuses and deductions change this value before it is weighted."
    ),
    "adjustments-added": message("Sum of the entries, added without a weight."),
    "adjustments-capped": message(
        "The entries make %(asked)s; %(cap)s, the most the scheme allows, is added "
        "without a weight."
    ),
    "cut-at-most": message(
        "%(reached)s was reached; only %(counted)s, the most that is possible, counts."
    ),
    "cut-at-least": message(
        "%(reached)s was reached; %(counted)s, the least that is possible, counts."
    ),
    "one-bonus": message("Bonus."),
    "one-deduction": message("Deduction."),
    "assumed": message("[assumed, not published]"),
    # Why a bonus or deduction cannot be entered.
    "adjustment-kind-not-taken": message("The scheme of this cycle takes no %(kind)s."),
    "adjustment-with-sign": message(
        "Write the points without a sign: the kind says whether they are added or "
        "taken away."
    ),
    "adjustment-no-points": message(
        "“%(written)s” is no number of points. Write a decimal, such as 1.5."
    ),
    "adjustment-too-fine": message("Write at most %(places)s decimal places."),
    "adjustment-of-nothing": message("Write more than 0 points."),
    "adjustment-above-cap": message(
        "The scheme lets at most %(most)s points of this kind count (%(kind)s). Write "
        "no more than that."
    ),
    # Why there is no number.
    "part-without-value": message("No value, because a part it needs has none."),
    "weights-are-zero": message("%(part)s: nothing that has a value has a weight."),
    "value-missing": message("%(where)s: no value was handed in."),
    "value-out-of-range": message(
        "%(where)s: %(value)s was handed in, but only 0 to %(out_of)s is possible."
    ),
    "no-named-rating": message("%(where)s: no confirmed named rating yet."),
    "withheld-of-other-scheme": message(
        "%(where)s: under other rules this would tell what is withheld, so it is not "
        "worked out."
    ),
    "asked-otherwise": message(
        "%(where)s: it was asked with another questionnaire, so nothing can be "
        "compared."
    ),
    "tally-missing": message("%(where)s: no answers were handed in."),
    "nobody-in-group-rated": message("%(where)s: nobody gave a rating."),
    "nobody-rated": message("%(where)s: nobody gave a rating."),
    "fewer-than-minimum": message(
        "%(where)s: %(answers)s ratings; the scheme asks for %(minimum)s or more."
    ),
    "all-ratings-trimmed": message(
        "%(where)s: of %(answers)s answers none is left without the highest and lowest."
    ),
    "condition-unknown": message(
        "%(where)s: the scheme asks for a condition that cannot be checked; not known: "
        "%(unknown)s."
    ),
    "condition-failed": message(
        "%(where)s: %(part_name)s %(part)s, %(whole_name)s %(whole)s; the scheme asks "
        "for %(comparator)s %(threshold)s."
    ),
    "more-returned-than-issued": message(
        "%(where)s: more ballots came back than were issued; the survey is void and "
        "must be repeated."
    ),
    "more-returned-than-members": message(
        "%(where)s: more ballots came back than there are members; the survey is void "
        "and must be repeated."
    ),
    "more-counted-than-returned": message(
        "%(where)s: more answers were counted than ballots came back."
    ),
    "unknown-choice": message(
        '%(where)s: the scheme gives no points to the choice "%(choice)s".'
    ),
    "unknown-group": message('%(where)s: the scheme has no rater group "%(group)s".'),
    "tally-has-no-place": message(
        'Answers were handed in for "%(component)s", which is no survey of the scheme.'
    ),
    "value-has-no-place": message(
        'A value was handed in for "%(component)s", which the scheme takes from '
        "nowhere outside."
    ),
    "named-rating-has-no-place": message(
        'Named ratings were handed in for "%(place)s", where the scheme has none.'
    ),
    "adjustments-have-no-place": message(
        "Bonuses and deductions were handed in, but the component they change is not "
        "in the scheme."
    ),
    # What is not told, so that nobody in a small group can be recognised.
    "withheld-below-floor": message(
        "%(where)s: withheld, because fewer than %(floor)s people answered and the "
        "score would betray what they said."
    ),
    "group-below-floor": message(
        "%(where)s: not shown, because fewer than %(floor)s people answered."
    ),
    "told-as-band": message(
        "%(where)s: more than %(most)s of %(answers)s are dissatisfied. "
        "No more is told, because where nearly everybody agrees a number tells what "
        "each person said."
    ),
    "gives-way-to-band": message(
        "%(where)s: not shown, because another number, on which nearly everybody "
        "agrees, could be worked out from it."
    ),
    "gives-way-to-few": message(
        "%(where)s: not shown, because it would tell what a few people answered, an "
        "exact number, or another number that is not shown."
    ),
    "score-would-tell": message(
        "%(where)s: withheld, because the score would tell what a few people answered, "
        "or the exact numbers they gave."
    ),
    "post-not-foreseen": message(
        "%(where)s: withheld, because the post is another one than when the results "
        "were fixed. A score by other weights, beside what is shown, would betray what "
        "is not."
    ),
    "survey-still-open": message(
        "%(where)s: answers are still being taken; the score waits for the end of "
        "the survey."
    ),
    "box-not-opened": message(
        "%(where)s: the ballot box has not been decrypted yet; the score waits for it."
    ),
    # What a single ballot must obey.
    "rule-at-most": message(
        "%(where)s: at most %(limit)s of the answers may be %(choices)s."
    ),
    "rule-at-most-share": message(
        "%(where)s: at most %(share)s of the answers may be %(choices)s, rounded down; "
        "one always may."
    ),
    "rule-at-most-rounded": message(
        "%(where)s: at most %(limit)s of the %(marks)s answers may be %(choices)s "
        "(%(share)s, rounded down)."
    ),
    "rule-at-most-one": message(
        "%(where)s: at most one of the %(marks)s answers may be %(choices)s "
        "(%(share)s would be less than one; one always may)."
    ),
    "rule-at-least": message(
        "%(where)s: at least %(limit)s of the answers must be %(choices)s, unless "
        "nothing is rated."
    ),
    "rule-at-least-share": message(
        "%(where)s: at least %(share)s of the answers must be %(choices)s, rounded up, "
        "unless nothing is rated."
    ),
    "rule-at-least-rounded": message(
        "%(where)s: at least %(limit)s of the %(marks)s answers must be %(choices)s "
        "(%(share)s, rounded up), unless nothing is rated."
    ),
    "rule-not-all-equal": message("%(where)s: not all ratings may be the same."),
    "broken-at-most": message(
        "Answers that are %(choices)s: %(used)s; at most %(limit)s may be. Change "
        "%(more)s of them or more."
    ),
    "broken-at-least": message(
        "Answers that are %(choices)s: %(used)s; at least %(limit)s must be. Change "
        "%(more)s of the others or more."
    ),
    "broken-not-all-equal": message(
        "All ratings are the same. Change %(more)s of them or more."
    ),
    **IMPORT_SENTENCES,
    **ADVICE_SENTENCES,
}
"""Remark key → English sentence; what stands in its gaps has the remark's names."""


def say(remark: Remark, translate: Callable[[str], str], language: str) -> str:
    """Return the remark as a sentence; `translate` turns English into the language."""
    figures = {
        name: figure if isinstance(figure, str) else figure.in_language(language)
        for name, figure in remark.figures
    }
    return translate(SENTENCES[remark.key]) % figures


def sentences(
    remarks: Iterable[Remark], translate: Callable[[str], str], language: str
) -> dict[Remark, str]:
    """Return remark → its sentence, each made once."""
    return {one: say(one, translate, language) for one in dict.fromkeys(remarks)}
