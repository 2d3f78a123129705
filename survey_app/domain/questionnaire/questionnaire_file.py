"""From a questionnaire file to a questionnaire, or to all that is wrong with it.

Lists of choices may be shared: `[[choices.five_levels]]` describes them once and a
question says `choices = "five_levels"`. Their order is the order people see.
"""

from collections.abc import Iterator
from functools import partial

from survey_app.domain.ground.file_faults import (
    Fault,
    FaultList,
    QuestionnaireRefused,
    nearest,
)
from survey_app.domain.ground.toml_table import FILE_KEY, CheckedTable
from survey_app.domain.ground.written_value import known_format, whole
from survey_app.domain.questionnaire.questionnaire import (
    ABSTAIN,
    BLANK,
    DONT_KNOW,
    Choice,
    Question,
    Questionnaire,
)


def read_questionnaire(text: str, *, file: str) -> Questionnaire:
    """Return the questionnaire written in TOML.

    QuestionnaireRefused names all faults of the file.
    """
    faults = FaultList()
    root = CheckedTable.of_text(text, faults)
    if root is None:
        raise QuestionnaireRefused(file, tuple(faults.faults))
    root.plain("format", known_format(1))
    shared = ChoiceLists(root.table("choices"))
    finished = partial(
        Questionnaire,
        key=root.name("key", FILE_KEY),
        version=root.plain("version", whole(1, 1_000_000)),
        title=root.words("title"),
        introduction=root.words("introduction"),
        source=root.source(),
    )
    questions = tuple(question(one, shared) for one in root.tables("questions"))
    shared.refuse_unused()
    root.finish()
    for fault in question_faults(questions, faults):
        faults.note(fault.where, fault.wrong, fault.instead)
    if faults.faults:
        raise QuestionnaireRefused(file, tuple(faults.faults))
    return finished(questions=questions)


class ChoiceLists:
    """The lists under `[[choices.…]]`, and which of them some question offers."""

    def __init__(self, table: CheckedTable) -> None:
        self.table = table
        self.lists = {name: choices_at(table, name) for name in table.content}
        self.used: set[str] = set()

    def of(self, asked: CheckedTable) -> tuple[Choice, ...]:
        """Return the choices a question lists or names."""
        found = asked.need("choices", '"five_levels"')
        if found is None:
            return ()
        if not isinstance(found, str):
            return choices_at(asked, "choices")
        self.used.add(found)
        if found not in self.lists:
            wrong = f"there is no [[choices.{found}]]"
            asked.note("choices", wrong, nearest(found, self.lists))
        elif asked.faults.doubts(self.table.at(found)):
            asked.faults.doubt(asked.at("choices"))
        return self.lists.get(found, ())

    def refuse_unused(self) -> None:
        """Note every list no question offers: it would never be seen."""
        for name in sorted(self.lists.keys() - self.used):
            self.table.note(
                name, "no question offers these", f'write choices = "{name}"'
            )


def choices_at(table: CheckedTable, key: str) -> tuple[Choice, ...]:
    """Return the choices listed at a key, in their order."""
    return tuple(
        Choice(one.name("key"), one.words("label")) for one in table.tables(key)
    )


def question(table: CheckedTable, shared: ChoiceLists) -> Question:
    """Return one question."""
    return Question(table.name("key"), table.words("text"), shared.of(table))


def question_faults(
    questions: tuple[Question, ...], faults: FaultList
) -> Iterator[Fault]:
    """Yield what is wrong with the questions, each for itself and together."""
    if not questions and not faults.doubts("questions"):
        yield Fault("questions", "there are none", "begin each with [[questions]]")
    keys = [one.key for one in questions]
    for n, one in enumerate(questions):
        place = f"questions[{n}]"
        if one.key and one.key in keys[:n]:
            taken = f'"{one.key}" is taken by questions[{keys.index(one.key)}]'
            yield Fault(f"{place}.key", taken, "choose another")
        if not faults.doubts(f"{place}.choices"):
            yield from choice_faults(f"{place}.choices", one)


def choice_faults(place: str, asked: Question) -> Iterator[Fault]:
    """Yield what is wrong with the choices of one question."""
    if len(asked.choice_keys) < len(asked.choices):
        yield Fault(place, "two choices share a key", "give each its own key")
    if sum(choice.key not in (ABSTAIN, DONT_KNOW) for choice in asked.choices) < 2:
        yield Fault(place, "fewer than two ratings", "offer two ratings or more")
    if BLANK in asked.choice_keys:
        wrong = f'"{BLANK}" is what a tally calls an empty answer'
        yield Fault(place, wrong, 'use another key, or "abstain"')
    if DONT_KNOW not in asked.choice_keys:
        yield Fault(
            place,
            "whoever cannot judge has no answer to give",
            f'add a choice with key = "{DONT_KNOW}" (不了解)',
        )
