"""Points of choices: written inside a component or shared under a name."""

from fractions import Fraction

from survey_app.domain.files.checked_table import KEY, CheckedTable
from survey_app.domain.files.fault_list import nearest
from survey_app.domain.files.written_value import POINTS
from survey_app.domain.questionnaire import WITHOUT_POINTS
from survey_app.domain.stated import Stated

Values = tuple[tuple[str, Stated[Fraction]], ...]
"""Choice and points, best first."""


class ValueSets:
    """The sets under `[values.…]`, and which of them some component uses."""

    def __init__(self, shared: CheckedTable) -> None:
        self.shared = shared
        self.sets = {name: points_of(shared.table(name)) for name in shared.content}
        self.used: set[str] = set()

    def of(self, component: CheckedTable) -> Values:
        """Return the points a component writes down or names."""
        found = component.need("values", '"five_levels"')
        if found is None:
            return ()
        if isinstance(found, str):
            return self.named(found, component)
        return points_of(component.table("values"))

    def named(self, name: str, component: CheckedTable) -> Values:
        """Return the shared set; noted at the component if there is none."""
        self.used.add(name)
        if name not in self.sets:
            component.note(
                "values", f"there is no [values.{name}]", nearest(name, self.sets)
            )
        elif component.faults.doubts(self.shared.at(name)):
            component.faults.doubt(component.at("values"))
        return self.sets.get(name, ())

    def refuse_unused(self) -> None:
        """Note every shared set no component uses: it would have no effect."""
        for name in self.sets.keys() - self.used:
            self.shared.note(
                name, "no component uses these values", f'write values = "{name}"'
            )


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
