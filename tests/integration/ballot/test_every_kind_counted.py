"""A secret ballot of every kind of question, from the open box to the score."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.analytics.results import results_of
from survey_app.analytics.score_evidence import cycle_evidence, ground_of
from survey_app.appraisal.cycle import Cycle
from survey_app.ballot.close_ballot import close_ballot
from survey_app.ballot.decryption_verbs import decrypt_here
from survey_app.ballot.paper.ballot import Ballot, Written
from survey_app.ballot.paper.head import SignedHead
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.tally import SubjectTally, Tally
from survey_app.domain.questionnaire.answers import read_answers
from survey_app.domain.questionnaire.ballot_lines import lines_of
from survey_app.domain.scheme.scheme import Post
from survey_app.domain.scoring.score import score
from survey_app.survey.counters import tallies_of
from survey_app.survey.rated import rated_in_cycle
from survey_app.survey.responses import Comment
from survey_app.survey.settled_plan import plan_of
from survey_app.survey.tables import Survey
from tests.support.ballot_box import StandingBox, standing_box
from tests.support.every_kind_scheme import kinds_questionnaire, kinds_scheme
from tests.support.holder_keys import holder_keys
from tests.support.kinds_reader import told_of
from tests.support.secret_county import secret_county
from tests.support.small_county import MAY_1

ASKED, SCHEME = kinds_questionnaire(), kinds_scheme()
CAST = {"staff": 21, "residents": 24}
Sent = dict[str, list[str]]


def one(place: int) -> Sent:
    """Return what somebody says of the first, who is rated by half as bad."""
    bad, undone = place % 2, place % 3
    said = {
        "overall": ["bad" if bad else "good"],
        "handled": ["undone" if undone else "done"],
        "window": [[], ["north"], ["south"]][place % 3],
        "ways": [["phone"], ["desk", "post"], ["phone", "post"], []][place % 4],
        "points": [str((37 * place) % 101)],
        "waited": [["5"], ["30"], [], ["70"]][place % 4],
    }
    said |= {"why": [f"理由{place}"]} if bad else {}
    return said | ({"again": [["good"], ["bad"]][place % 2]} if undone else {})


def other(place: int) -> Sent:
    """Return what the same says of the other: the least there can be said."""
    return {"overall": ["good"], "handled": ["done"], "points": [str(60 + place)]}


def picks(sent: Sent) -> list[tuple[str, str]]:
    """Return what counts of it, counted by nothing that the platform counts with."""
    marks = [(q, c) for q, said in sent.items() for c in said if q != "why"]
    marks += [("why", "answered")] if "why" in sent else [("why", "not_asked")]
    if sent["handled"] == ["done"]:
        marks += [("again", "not_asked")]
    ticked = sent.get("ways")
    marks += [("ways", "answered" if ticked else "blank")]
    return marks + [(q, "blank") for q in ("window", "waited") if not sent.get(q)]


def expected(subjects: tuple[int, int]) -> SubjectTally:
    return {
        subject: {
            group: _nested(Counter(p for n in range(many) for p in picks(said(n))))
            for group, many in CAST.items()
        }
        for subject, said in zip(subjects, (one, other), strict=True)
    }


def _nested(counted: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for (question, choice), n in counted.items():
        found.setdefault(question, {})[choice] = n
    return found


def cast(box: StandingBox) -> None:
    """Cast every ballot, with the reasons in the envelope of the comment."""
    (unit,) = box.county.units
    subjects = box.county.subjects[unit]
    for group, many in CAST.items():
        for place in range(many):
            said = [lines_of(ASKED, read_answers(ASKED, s(place)).picks) for s in SAID]
            why = one(place).get("why", ())
            written: list[Written] = [(subjects[0], "why", text) for text in why]
            ballot = Ballot(dict(zip(subjects, said, strict=True)))
            box.cast(box.batch(unit, group), ballot, written=written)


SAID = (one, other)


@pytest.fixture
def box(engine: Engine, ballots: Engine, db: Session, tmp_path: Path) -> StandingBox:
    """Cast, closed and decrypted, with the verbs of the office."""
    county = secret_county(engine, units=1, asked=ASKED, scheme=SCHEME)
    people = dict.fromkeys(CAST, 30)
    box = standing_box(county, ballots, tmp_path / "s", eligible=people)
    cast(box)
    signed = {b.batch_id: CAST[b.rater_group] for b in box.manifest.batches}
    number, folder = box.survey_id, box.folder
    close_ballot(db, ballots, number, signed=signed, secrets_folder=folder)
    decrypt_here(db, ballots, number, holder_keys(), secrets_folder=folder)
    return box


def test_what_was_marked_is_counted_and_told_by_the_plan(
    db: Session, box: StandingBox
) -> None:
    (unit,) = box.county.units
    first, second = box.county.subjects[unit]
    tally = expected((first, second))

    assert tallies_of(db, box.survey_id) == tally
    texts = db.execute(select(Comment.subject_id, Comment.question, Comment.text))
    assert sorted(map(tuple, texts)) == sorted(
        (first, "why", text)
        for many in CAST.values()
        for place in range(many)
        for text in one(place).get("why", ())
    )
    head = SignedHead.from_json(box.row().head).head
    assert head.tally.keys() == {first}, "of the other all but agree"
    assert {q for asked in head.tally[first].values() for q in asked} == {"overall"}, (
        "no other kind"
    )

    survey = db.get_one(Survey, box.survey_id)
    results = results_of(db, survey, scheme=SCHEME, today=MAY_1)
    plan = plan_of(db, box.survey_id)
    assert plan is not None
    for told in results.subjects:
        on_paper, _ = told_of(SCHEME, ASKED, tally[told.subject_id], is_secret=True)
        kept = plan.subjects[told.subject_id]
        for name in ("shown", "sizes", "banded", "concealed", "scoreless"):
            assert getattr(kept, name) == getattr(on_paper.plan, name), name
        assert told.score == on_paper.score(Post.PRINCIPAL)[0].value


def test_the_score_is_the_one_of_the_counts(db: Session, box: StandingBox) -> None:
    """Of the leading body, on the sheets of all whom the scheme judges by it."""
    first, body = box.county.subjects[box.county.units[0]]
    cycle = db.get_one(Cycle, box.county.cycle_id)
    rated = rated_in_cycle(db, cycle.id)

    evidence = cycle_evidence(db, ground_of(db, cycle, SCHEME), rated)

    exact = scored(expected((first, body))[body])
    sheets = {one.id: evidence.sheet_of(one).overall for one in rated}
    assert exact is not None
    assert sheets == dict.fromkeys((first, body), exact)


def scored(tally: Tally) -> object:
    """Return what the rules on paper come to."""
    evidence = ScoreInput(tallies={"satisfaction": tally})
    return score(SCHEME, evidence, questionnaires={"kinds": ASKED}).overall
