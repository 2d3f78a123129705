"""From a questionnaire file to a questionnaire, or to all that is wrong with it.

Lists of choices may be shared: `[[choices.five_levels]]` describes them once and a
question says `choices = "five_levels"`. Their order is the order people see.
"""

from collections.abc import Iterator
from functools import partial

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.file_faults import (
    Fault,
    FaultList,
    QuestionnaireRefused,
    nearest,
)
from survey_app.domain.ground.toml_table import FILE_KEY, CheckedTable
from survey_app.domain.ground.written_value import (
    Misread,
    ValueKind,
    known_format,
    whole,
)
from survey_app.domain.questionnaire.questionnaire import (
    ABSTAIN,
    DONT_KNOW,
    TALLY_WORDS,
    Choice,
    Question,
    QuestionKind,
    Questionnaire,
    Section,
    ShowIf,
    faults_together,
)
from survey_app.domain.questionnaire.translation import (
    Translation,
    translation_faults,
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
        comment_prompt=comment_prompt(root),
    )
    sections = tuple(section(one) for one in root.tables("sections"))
    questions = tuple(question(one, shared) for one in root.tables("questions"))
    translations = tuple(translation(one) for one in root.tables("translations"))
    shared.refuse_unused()
    root.finish()
    for fault in question_faults(questions, sections, faults):
        if not faults.doubts(fault.where):
            faults.note(fault.where, fault.wrong, fault.instead)
    if faults.faults:
        raise QuestionnaireRefused(file, tuple(faults.faults))
    made = finished(questions=questions, sections=sections, translations=translations)
    if found := tuple(translation_faults(made)):
        raise QuestionnaireRefused(file, found)
    return made


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


def comment_prompt(root: CheckedTable) -> Bilingual | None:
    """Return what stands above the field for a comment; None: the usual words."""
    if root.get("comment") is None:
        return None
    return root.table("comment").words("prompt")


def section(table: CheckedTable) -> Section:
    """Return one section."""
    introduction = table.words("introduction", optional=True)
    return Section(table.name("key"), table.words("title"), introduction or None)


def translation(table: CheckedTable) -> Translation:
    """Return what a questionnaire says in one more language."""
    texts = table.table("texts")
    told = tuple((place, texts.text(place)) for place in texts.content)
    return Translation(table.text("language"), told)


def question(table: CheckedTable, shared: ChoiceLists) -> Question:
    """Return one question."""
    kind = table.word("kind", QuestionKind, default=QuestionKind.RATING)
    if not kind.has_choices:
        table.forbid("choices", f'nothing is chosen where kind is "{kind}"')
    return Question(
        table.name("key"),
        table.words("text"),
        shared.of(table) if kind.has_choices else (),
        kind,
        table.flag("optional"),
        condition(table),
        "" if table.get("section") is None else table.name("section"),
        table.plain("bands", LOWER_ENDS, default=()),
    )


def condition(table: CheckedTable) -> ShowIf | None:
    """Return on what a question depends; None: everybody is asked."""
    if table.get("show_if") is None:
        return None
    inner = table.table("show_if")
    return ShowIf(inner.name("question"), inner.names("choices"))


def lower_ends(written: object) -> tuple[int, ...]:
    """Return the lower ends of bands; Misread for anything else."""
    if not isinstance(written, list) or any(type(one) is not int for one in written):
        raise Misread("is no list of whole numbers", "write bands = [0, 60, 80]")
    return tuple(written)


LOWER_ENDS: ValueKind[tuple[int, ...]] = ValueKind(lower_ends, "[0, 60, 80]", ())


def question_faults(
    questions: tuple[Question, ...], sections: tuple[Section, ...], faults: FaultList
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
        yield from one.faults(place)
        yield from choice_faults(f"{place}.choices", one)
    places = [f"questions[{n}]" for n in range(len(questions))]
    yield from faults_together(questions, sections, places)


def choice_faults(place: str, asked: Question) -> Iterator[Fault]:
    """Yield what else must be so of the choices of a question in a file."""
    if taken := sorted(asked.choice_keys.intersection(TALLY_WORDS)):
        wrong = f'"{taken[0]}" is what a tally says itself'
        yield Fault(place, wrong, f'use another key, or "{ABSTAIN}"')
    if asked.kind is QuestionKind.RATING and DONT_KNOW not in asked.choice_keys:
        yield Fault(
            place,
            "whoever cannot judge has no answer to give",
            f'add a choice with key = "{DONT_KNOW}" (不了解)',
        )
