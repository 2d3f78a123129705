"""The part of a scheme file that values single choices and numbers."""

from fractions import Fraction

from survey_app.domain.ground.stated import Stated
from survey_app.domain.ground.toml_table import KEY, CheckedTable
from survey_app.domain.ground.written_value import POINTS, one_of
from survey_app.domain.questionnaire.question import MOST_NUMBER, WITHOUT_POINTS
from survey_app.domain.scheme.other_values import NumberRule, OfNumbers, Values

HOW = one_of(OfNumbers)
STATUS = {"published", "assumed"}
EXAMPLE = 'write { assumed = "mean" }, or points for the lower end of every band'


def points_of(table: CheckedTable) -> Values:
    """Return choice and points of one set, best first: layout means nothing."""
    for choice in table.content:
        if choice in WITHOUT_POINTS:
            table.forbid(choice, f'"{choice}" is not a rating and has no points')
        elif not KEY.fullmatch(choice):
            table.note(choice, "is no key", "use a-z, 0-9 and _ only")
    ratings = [c for c in table.content if c not in WITHOUT_POINTS]
    if len(ratings) < 2:
        table.faults.note(
            table.where, "fewer than two ratings have points", "value two or more"
        )
    pairs = [(choice, table.stated(choice, POINTS)) for choice in ratings]
    return tuple(sorted(pairs, key=lambda pair: (-pair[1].value, pair[0])))


def singles_of(table: CheckedTable) -> tuple[tuple[str, Values], ...]:
    """Return what the choices of single-choice questions are worth, by question."""
    singles = table.table("singles")
    return tuple(
        (question, points_of(singles.table(question)))
        for question in sorted(singles.content)
    )


def numbers_of(table: CheckedTable) -> tuple[tuple[str, NumberRule], ...]:
    """Return what the numbers of questions are worth, by question."""
    numbers = table.table("numbers")
    return tuple(
        (question, number_rule(numbers, question))
        for question in sorted(numbers.content)
    )


def number_rule(numbers: CheckedTable, question: str) -> NumberRule:
    """Return the rule for one question: its mean, or points of its bands."""
    written = numbers.content[question]
    if not isinstance(written, dict) or STATUS & written.keys():
        how = numbers.stated(question, HOW)
        if how.value is OfNumbers.BANDS:
            wrong = "bands without points"
            numbers.note(question, wrong, "write points for the lower end of each")
        return NumberRule(how)
    table = numbers.table(question)
    points = tuple(
        (int(low), table.stated(low, POINTS))
        for low in sorted(filter(is_lower_end, table.content), key=int)
    )
    for low in table.content:
        if not is_lower_end(low):
            table.note(low, "is no lower end of a band", "write 0, 60, 70 and so on")
    if not points or points[0][0] != 0:
        table.faults.note(table.where, "the lowest band has no points", EXAMPLE)
        points = ((0, Stated(Fraction(0), published=False)), *points)
    published = all(stated.published for _, stated in points)
    return NumberRule(Stated(OfNumbers.BANDS, published), points)


def is_lower_end(written: str) -> bool:
    """Return whether a band may begin with this number, as it is written."""
    return (
        written.isascii()
        and written.isdigit()
        and str(int(written)) == written
        and int(written) <= MOST_NUMBER
    )
