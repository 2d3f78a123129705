"""How a text of any version is read, and what it says by leaving things out."""

import json
from collections.abc import Callable
from dataclasses import is_dataclass
from typing import Any, get_args, get_origin

import pytest

from survey_app.ballot.paper.challenge import ChallengeProof
from survey_app.ballot.paper.closing import Closing, SignedClosing
from survey_app.ballot.paper.decrypted import Decrypted
from survey_app.ballot.paper.export import Export
from survey_app.ballot.paper.head import Head, SignedHead
from survey_app.ballot.paper.manifest import Manifest, read_posted
from survey_app.ballot.sealing.keys import PublicKey
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.disclosure.plan import EvaluatedPlan
from survey_app.domain.ground.canonical import checked
from survey_app.domain.ground.frozen_text import (
    DECRYPTED,
    EXPORT,
    KINDS,
    BrokenText,
    EarlierFormat,
    NewerFormat,
    TextKind,
    TextRefused,
)
from survey_app.domain.ground.plain import _parts, plain_of
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.frozen_scheme import scheme_from_json
from survey_app.domain.scheme.scheme import Scheme
from tests.support.samples import text_of

YEAR_END = {
    "en": "Assumed, after the year-end procedure: on-site check, talks, documents, "
    "opinions of departments",
    "zh": "依据年终考核程序设定：实地核查、个别谈话、查阅材料、征求有关部门意见",
}
CHECKED = [
    {"key": key, "label": {"zh": zh, "en": en}, "source": YEAR_END}
    for key, zh, en in (
        ("on_site", "实地核查", "On-site check"),
        ("talks", "个别谈话", "Talks"),
        ("documents", "查阅材料", "Documents"),
        ("departments", "征求有关部门意见", "Opinions of other departments"),
    )
]
SAID_BY_SILENCE: dict[str, dict[str, Any]] = {
    "AdjustmentRules": {"bonus_cap": None, "component": "", "deduction_cap": None},
    "AlertRule": {"watch": {}},
    "AlertWatch": {
        "call_back_days": None, "contact_days": None, "days": "working",
        "kind": "share", "rectify_days": None, "rise": None, "years": None,
    },
    "CheckPoint": {"source": {"en": "", "zh": ""}},
    "ReviewRules": {
        "answer_days": 10, "checks": CHECKED, "days": "natural", "days_off": [],
        "days_worked": [], "follow_up_months": 6,
        "leading_group": ["waiting-for-a-post", "adjustment", "demotion", "removal"],
        "measures": [
            "none", "reminder", "inquiry", "admonition", "waiting-for-a-post",
            "adjustment", "demotion", "removal",
        ],
        "object_days": 10, "proposes": [], "second_person": ["decide", "close"],
        "verify_days": 30,
    },
    "BallotRule": {
        "choices": [], "count": None, "over": "ballot", "questions": [], "share": None,
    },
    "Component": {"bounds": "full-marks", "components": [], "survey": None},
    "DisclosureRules": {
        "comments": 10, "open": 10, "papers": "keyed", "secret_office": 5,
        "secret_rated": 8, "shroud": 2, "small_groups": "withhold",
    },
    "Closing": {"taken_out": []},
    "CountedBatch": {"invalid": 0},
    "FrozenPlan": {"others": []},
    "Head": {"broken": []},
    "NumberRule": {"points": []},
    "OtherQuestion": {
        "bands": [], "choices": [], "condition": "", "counts": False,
        "is_loose": False, "is_mean": False, "telling": [],
    },
    "Manifest": {
        "ballot_rules": [], "keys_page": "", "public_answers": False,
        "sealing_script": "",
    },
    "ManifestBatch": {"issued_by": "", "requested_by": ""},
    "Question": {
        "bands": [], "choices": [], "kind": "rating", "optional": False,
        "section": "", "show_if": None,
    },
    "Questionnaire": {"comment_prompt": None, "sections": [], "translations": []},
    "RaterGroup": {"design": "open", "minimum_answers": None, "scope": "all"},
    "Scheme": {"ceiling": None, "disclosure": {}, "floor": "0/1", "review": {}},
    "Section": {"introduction": None},
    "Stated": {"source": {"en": "", "zh": ""}},
    "SubjectPlan": {"bare": False, "joined": {}, "scoreless": False},
    "SurveyRules": {
        "ballot_rules": [], "conditions": [], "numbers": [], "singles": [],
        "trim": None,
    },
}  # fmt: skip
"""Class → field → its default, which a text that leaves it out has always meant."""


def left_out(kind: Any, seen: set[Any]) -> dict[str, dict[str, Any]]:
    """Return class → defaults of the fields that a text may leave out."""
    found: dict[str, dict[str, Any]] = {}
    if kind in seen:
        return found
    seen.add(kind)
    for inner in get_args(kind):
        found |= left_out(inner, seen)
    if is_dataclass(get_origin(kind) or kind):
        for part in _parts(kind):
            found |= left_out(part.kind, seen)
            if part.may_be_missing:
                told = getattr(part.default, "value", part.default)
                name = (get_origin(kind) or kind).__name__
                found[name] = found.get(name, {}) | {part.name: plain_of(told)}
    return found


def test_what_a_text_says_by_leaving_something_out_never_changes() -> None:
    """Another default would change the rules of everything that was ever frozen.

    A field that comes later is added here, with what its absence always meant.
    """
    found: dict[str, dict[str, Any]] = {}
    kinds: tuple[Any, ...] = (
        Scheme, Questionnaire, FrozenPlan, EvaluatedPlan,
        Manifest, Closing, Head, PublicKey, ChallengeProof,
    )  # fmt: skip
    for kind in kinds:
        found |= left_out(kind, set())

    assert found == SAID_BY_SILENCE


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_history_of_a_kind_has_no_gap(kind: TextKind) -> None:
    oldest = min(kind.steps, default=kind.newest)

    assert sorted(kind.steps) == list(range(oldest, kind.newest))
    for version, refusal in {
        kind.newest + 1: NewerFormat,
        oldest - 1: EarlierFormat,
    }.items():
        said = f"{kind.label}{version}" if kind.label else version
        with pytest.raises(refusal):
            kind.newest_of({"format": said})
    strange: tuple[object, ...] = (
        "x", None, True, [], kind.label, f"{kind.label}one", kind.label + "9" * 5000,
    )  # fmt: skip
    for nonsense in strange:
        with pytest.raises(BrokenText):
            kind.newest_of({"format": nonsense})


READERS: dict[str, Callable[[str], object]] = {
    "first/texts/questionnaire-cadre-evaluation.json": Questionnaire.from_json,
    "first/texts/scheme-yijun-2017.json": scheme_from_json,
    "first/texts/plan-1.json": FrozenPlan.from_json,
    "first/texts/evaluated-1.json": EvaluatedPlan.from_json,
    "first/papers/closing.json": SignedClosing.from_json,
    "first/papers/head.json": SignedHead.from_json,
    "first/papers/manifest.json": lambda text: Manifest.from_json(read_posted(text)[0]),
}


@pytest.mark.parametrize("named", READERS)
@pytest.mark.parametrize("newer", [True, False])
def test_a_text_of_a_later_program_is_told_from_one_that_is_broken(
    named: str, *, newer: bool
) -> None:
    content = json.loads(text_of(named))
    signed = next(iter(content.keys() & {"manifest", "closing", "head"}), None)
    told = content[signed] if signed else content
    told |= {"format": 99, "said later": 1} if newer else {"said later": 1}

    with pytest.raises(NewerFormat if newer else BrokenText):
        READERS[named](json.dumps(content))


@pytest.mark.parametrize("named", READERS)
@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "7", "{}", "[" * 100_000, "{", '"\\ud800"', '{"\ud800":1}'],
)
def test_what_is_no_such_text_is_refused_as_broken(named: str, text: str) -> None:
    with pytest.raises(BrokenText):
        READERS[named](text)


def test_a_file_of_a_later_program_says_so() -> None:
    for kind, reader in ((EXPORT, Export), (DECRYPTED, Decrypted)):
        first = json.dumps({"format": f"{kind.label}99"})
        with pytest.raises(NewerFormat):
            reader.from_text(checked(f"{first}\n"))


def test_a_refusal_of_a_text_can_be_caught_as_a_wrong_value() -> None:
    assert issubclass(TextRefused, ValueError)
