"""What an opening gives: the signed head, all fragments and all comments.

Its file is complete and therefore secret: it goes to the server and nowhere else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

from survey_app.domain.ballots.canonical import canonical
from survey_app.domain.ballots.checked_lines import checked, line, read_checked
from survey_app.domain.ballots.fragments import (
    Fragment,
    LooseComment,
    SubjectTally,
    leaf_of,
    tally_of,
)
from survey_app.domain.ballots.head import Head, SignedHead
from survey_app.domain.ballots.merkle import merkle_root
from survey_app.domain.refusals import ExportRefused

FORMAT = "survey-opened-1"


@dataclass(frozen=True)
class Opened:
    """An opened box."""

    signed: SignedHead
    fragments: tuple[Fragment, ...]
    """Sorted by their random ids."""
    comments: tuple[LooseComment, ...]
    """Sorted by their random ids."""

    @property
    def head(self) -> Head:
        """The head without its signatures."""
        return self.signed.head

    @property
    def adds_up(self) -> bool:
        """Whether these are exactly the fragments and comments the head speaks of."""
        head, tally = self.head, tally_of(self.fragments)
        everything: list[Fragment | LooseComment] = [*self.fragments, *self.comments]
        return (
            len(self.fragments) == head.fragments == head.expected_fragments
            and len(self.comments) == head.comments
            and all(one.survey_id == head.survey_id for one in everything)
            and root_of(self.fragments) == head.root_out
            and _ballots(tally) == head.expected_ballots
            and _includes(tally, head.tally)
        )

    def to_text(self) -> str:
        """Return the file's whole text."""
        return checked("".join(self._lines()))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return what was opened; ExportRefused where it is not such a file, whole."""
        lines = read_checked(text)
        try:
            if lines[0]["format"] != FORMAT:
                raise ValueError("another format")
            signed = SignedHead.from_json(canonical(lines[0]["opened"]))
            survey = signed.head.survey_id
            return cls(
                signed,
                tuple(Fragment(*parts) for parts in _all(lines, "fragment", survey)),
                tuple(LooseComment(*parts) for parts in _all(lines, "comment", survey)),
            )
        except (ValueError, LookupError, TypeError, AttributeError):
            raise ExportRefused("it is not what `open` writes") from None

    def _lines(self) -> Iterator[str]:
        yield line({"format": FORMAT, "opened": self.signed.content})
        for one in self.fragments:
            answer = (one.rater_group, one.question_key, one.choice_key)
            yield line({"fragment": [one.id.hex(), one.subject_id, *answer]})
        for said in self.comments:
            yield line({"comment": [said.id.hex(), said.subject_id, said.text]})


def root_of(fragments: Iterable[Fragment]) -> str:
    """Return the Merkle root over the leaves of the fragments, in hex."""
    return merkle_root(leaf_of(fragment) for fragment in fragments).hex()


def _ballots(tally: SubjectTally) -> dict[tuple[int, str, str], int]:
    """Return (subject, group, question) → how many ballots answered."""
    return {
        (subject, group, question): sum(counts.values())
        for subject, groups in tally.items()
        for group, asked in groups.items()
        for question, counts in asked.items()
    }


def _includes(tally: SubjectTally, posted: SubjectTally) -> bool:
    """Return whether everything posted was counted like that."""
    return all(
        tally.get(subject, {}).get(group, {}).get(question) == counts
        for subject, groups in posted.items()
        for group, asked in groups.items()
        for question, counts in asked.items()
    )


def _all(
    lines: list[dict[str, Any]], kind: str, survey: int
) -> Iterator[tuple[Any, ...]]:
    """Yield the parts of every fragment, or comment, in the file."""
    for one in lines:
        if kind in one:
            random, subject, *rest = one[kind]
            yield bytes.fromhex(random), survey, int(subject), *map(str, rest)
