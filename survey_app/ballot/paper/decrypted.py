"""What an opening gives: the signed head, all fragments and all comments.

Its file is complete and therefore secret: it goes to the server and nowhere else.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

from survey_app.ballot.paper.ballot import fits
from survey_app.ballot.paper.fragments import (
    Fragment,
    LooseComment,
    about_whole,
    comment_leaf,
    leaf_of,
    tally_of,
)
from survey_app.ballot.paper.head import Head, SignedHead
from survey_app.ballot.paper.merkle import merkle_root
from survey_app.domain.counting.tally import SubjectTally
from survey_app.domain.ground.canonical import canonical, checked, line, read_checked
from survey_app.domain.ground.frozen_text import DECRYPTED, EarlierFormat, NewerFormat
from survey_app.domain.ground.refusals import ExportRefused


@dataclass(frozen=True)
class Decrypted:
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
        return (
            all(one.void or one.adds_up for one in self.head.batches)
            and self._rules_add_up
            and self._fragments_add_up
            and self._comments_add_up
        )

    @property
    def _rules_add_up(self) -> bool:
        """Whether every invalid ballot broke a rule, and no rule broke more often."""
        invalid = sum(batch.invalid for batch in self.head.batches)
        broken = self.head.broken
        return max(broken, default=0) <= invalid <= sum(broken)

    @property
    def _fragments_add_up(self) -> bool:
        head, tally = self.head, tally_of(self.fragments)
        return (
            len(self.fragments) == head.fragments == head.expected_fragments
            and all(one.survey_id == head.survey_id for one in self.fragments)
            and root_of(self.fragments) == head.root_out
            and _ballots(tally) == head.expected_ballots
            and _includes(tally, head.tally)
        )

    @property
    def _comments_add_up(self) -> bool:
        head, said = self.head, self.comments
        return (
            len(said) == head.comments == len({one.id for one in said})
            and all(one.survey_id == head.survey_id for one in said)
            and all(_can_be_written(one.text) for one in said)
            and comments_root(said) == head.comments_root
            and self._no_text_without_a_ballot
        )

    @property
    def _no_text_without_a_ballot(self) -> bool:
        """Whether every unit has at most one comment for each of its envelopes.

        And about each subject as many answers to each question. A ballot that cannot
        be read may have come with a text that can.
        """
        units = {s: unit for unit, some in self.head.subjects.items() for s in some}
        units |= {about_whole(unit): unit for unit in self.head.subjects}
        cast = Counter[int | None]()
        for batch in self.head.batches:
            cast[batch.unit] += 0 if batch.void else batch.used
        comments = (one for one in self.comments if not one.question)
        texts = Counter((one.subject_id, one.question) for one in self.comments)
        return Counter(units.get(one.subject_id) for one in comments) <= cast and all(
            written <= cast[units.get(subject)] and (subject > 0 or not question)
            for (subject, question), written in texts.items()
        )

    def to_text(self) -> str:
        """Return the file's whole text."""
        return checked("".join(self._lines()))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return what was opened.

        Raises ExportRefused where it is not such a file, whole, and NewerFormat or
        EarlierFormat where another program wrote it.
        """
        lines = read_checked(text)
        try:
            first = DECRYPTED.newest_of(lines[0])
            signed = SignedHead.from_json(canonical(first["opened"]))
            survey = signed.head.survey_id
            return cls(
                signed,
                tuple(Fragment(*parts) for parts in _all(lines, "fragment", survey)),
                tuple(LooseComment(*parts) for parts in _all(lines, "comment", survey)),
            )
        except (NewerFormat, EarlierFormat):
            raise
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            raise ExportRefused("it is not what `decrypt` writes") from None

    def _lines(self) -> Iterator[str]:
        yield line({"format": DECRYPTED.format, "opened": self.signed.content})
        for one in self.fragments:
            answer = (one.rater_group, one.question_key, one.choice_key)
            yield line({"fragment": [one.id.hex(), one.subject_id, *answer]})
        for said in self.comments:
            answers = [said.question] if said.question else []
            told = [said.id.hex(), said.subject_id, said.text, *answers]
            yield line({"comment": told})


def root_of(fragments: Iterable[Fragment]) -> str:
    """Return the Merkle root over the leaves of the fragments, in hex."""
    return merkle_root(leaf_of(fragment) for fragment in fragments).hex()


def comments_root(comments: Iterable[LooseComment]) -> str:
    """Return the Merkle root over the leaves of the comments, in hex."""
    return merkle_root(comment_leaf(comment) for comment in comments).hex()


def _can_be_written(text: str) -> bool:
    """Return whether a respondent could have sent this comment."""
    return bool(text) and fits(text)


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
            # Half a character can be read from JSON, and neither hashed nor kept.
            "".join(rest).encode()
            yield bytes.fromhex(random), survey, int(subject), *map(str, rest)
