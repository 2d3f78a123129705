"""Whatever an earlier program froze, signed or handed out is read as it was meant."""

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from hashlib import sha256
from typing import Any, get_args, get_origin

import pytest

from survey_app.ballot.paper.challenge import ChallengeProof
from survey_app.ballot.paper.closing import Closing, SignedClosing
from survey_app.ballot.paper.export import Export
from survey_app.ballot.paper.head import Head, SignedHead
from survey_app.ballot.paper.manifest import Manifest, posted, read_posted
from survey_app.ballot.paper.opened import Opened
from survey_app.ballot.sealing.export_checks import (
    check_export,
    is_manifest_signed,
    is_result_of,
    is_signed_by_both,
    is_signed_by_server,
    opens_closing,
)
from survey_app.ballot.sealing.keys import PublicKey
from survey_app.ballot.sealing.opening import open_box
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.disclosure.plan import EvaluatedPlan
from survey_app.domain.ground.canonical import checked
from survey_app.domain.ground.frozen_text import (
    EXPORT,
    KINDS,
    OPENED,
    BrokenText,
    EarlierFormat,
    FrozenText,
    Kind,
    NewerFormat,
    TextRefused,
)
from survey_app.domain.ground.plain import _parts, plain_of
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.frozen_scheme import scheme_from_json, scheme_to_json
from survey_app.domain.scheme.scheme import Scheme
from tests.support.samples import every_text, keys_of_the_closed, text_of

FROZEN: dict[str, type[FrozenText]] = {
    "questionnaire": Questionnaire,
    "plan": FrozenPlan,
    "evaluated": EvaluatedPlan,
}
BOXES = ("early/", "first/papers/", "named/", "keyed/", "last/")
"""Where the papers of one opened box lie."""

SILENCES: dict[str, dict[str, Any]] = {
    "early/manifest.json": {"dissatisfied": []},
    "early/head.json": {"closing": "", "comments_root": ""},
}
"""What older texts do not say, and what is read in its place; heads see below."""


def raw(text: str) -> Any:
    return json.loads(text)


@pytest.mark.parametrize(
    "named", [name for kind in FROZEN for name in every_text(f"{kind}")]
)
def test_a_frozen_text_is_read_and_stays_the_text_it_was(named: str) -> None:
    text = text_of(named)
    kind = named.rpartition("/")[2].partition("-")[0].removesuffix(".json")

    read = FROZEN[kind].from_json(text)

    assert read.to_json() == text
    assert read.fingerprint == sha256(text.encode()).hexdigest()
    assert FROZEN[kind].from_json(read.KIND.text_of(read._plain())) == read
    numbers = raw(text)
    for key in numbers.keys() - {"format", "cells", "subjects"}:
        assert plain_of(read)[key] == numbers[key], key


def test_an_early_evaluation_was_made_for_principals() -> None:
    early = EvaluatedPlan.from_json(text_of("early/evaluated-1.json"))
    said = raw(text_of("early/evaluated-1.json"))["subjects"]

    assert {plan.posts for plan in early.subjects.values()} == {("principal",)}
    for subject, plan in early.subjects.items():
        assert plan.sizes == said[str(subject)]["sizes"]
        assert plan.joined == {}, "nobody joined groups before there was a rule for it"


@pytest.mark.parametrize("named", every_text("scheme"))
def test_a_frozen_scheme_keeps_its_text_and_its_fingerprint(named: str) -> None:
    text = text_of(named)

    scheme = scheme_from_json(text)

    assert scheme_to_json(scheme) == text
    assert scheme.fingerprint == sha256(text.encode()).hexdigest()


SAID_BY_SILENCE: dict[str, dict[str, Any]] = {
    "AdjustmentRules": {"bonus_cap": None, "component": "", "deduction_cap": None},
    "BallotRule": {"choices": [], "count": None},
    "Component": {"bounds": "full-marks", "components": [], "survey": None},
    "DisclosureRules": {
        "comments": 10, "open": 10, "papers": "keyed", "secret_office": 5,
        "secret_rated": 8, "shroud": 2, "small_groups": "withhold",
    },
    "Manifest": {"public_answers": False},
    "ManifestBatch": {"issued_by": "", "requested_by": ""},
    "RaterGroup": {"design": "open", "minimum_answers": None, "scope": "all"},
    "Scheme": {"ceiling": None, "disclosure": {}, "floor": "0/1"},
    "Stated": {"source": {"en": "", "zh": ""}},
    "SubjectPlan": {"bare": False, "joined": {}},
    "SurveyRules": {"ballot_rules": [], "conditions": [], "trim": None},
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


@pytest.mark.parametrize("named", every_text("manifest"))
def test_a_posted_manifest_is_the_one_that_was_signed(named: str) -> None:
    text, signature = read_posted(text_of(named))
    numbers = raw(text)

    manifest = Manifest.from_json(text)

    assert is_manifest_signed(text, signature)
    assert posted(manifest.to_json(), signature) == text_of(named)
    told = plain_of(manifest)
    assert {key: told[key] for key in numbers if key != "format"} == {
        key: numbers[key] for key in numbers if key != "format"
    }
    assert {key: told[key] for key in told.keys() - numbers.keys()} == SILENCES.get(
        named, {}
    )


@pytest.mark.parametrize("box", BOXES)
def test_the_result_of_a_box_is_signed_by_all_and_fits_its_papers(box: str) -> None:
    two = "" if box in ("early/", "first/papers/") else "-2"
    signed = SignedHead.from_json(text_of(f"{box}head{two}.json"))
    manifest = Manifest.from_json(read_posted(text_of(f"{box}manifest{two}.json"))[0])
    numbers = raw(text_of(f"{box}head{two}.json"))["head"]

    assert signed.to_json() == text_of(f"{box}head{two}.json")
    assert is_signed_by_both(signed)
    assert is_signed_by_server(signed)
    assert is_result_of(signed, manifest)
    told = plain_of(signed.head)
    assert {key: told[key] for key in numbers if key != "format"} == {
        key: numbers[key] for key in numbers if key != "format"
    }
    assert sum(batch.valid for batch in signed.head.batches) == 60
    if box != "early/":
        closing = SignedClosing.from_json(text_of(f"{box}closing{two}.json"))
        assert closing.to_json() == text_of(f"{box}closing{two}.json")
        assert opens_closing(signed.head, closing, manifest)


@pytest.mark.parametrize("named", every_text("head"))
def test_counts_that_were_signed_themselves_are_for_nobody_without_the_key(
    named: str,
) -> None:
    signed = SignedHead.from_json(text_of(named))
    hashed = named.partition("/")[0] in ("keyed", "last")

    assert signed.head.is_whole
    assert signed.head.signs_counts is not hashed
    if not hashed:
        assert signed.public_paper is None
        assert signed.head.salt == signed.head.statements == ""
        return
    public = SignedHead.from_json(signed.public_paper or "")
    assert not public.head.is_whole
    assert is_signed_by_both(public)
    assert public.head.fingerprint == signed.head.fingerprint


@pytest.mark.parametrize("age", ["first/closed", "named", "keyed", "last"])
def test_what_was_opened_then_still_adds_up(age: str) -> None:
    text = text_of(f"{age}/opened.json") + "\n"

    opened = Opened.from_text(text)

    assert opened.adds_up
    assert opened.to_text() == text


@pytest.mark.parametrize("age", ["first/closed", "named", "last"])
def test_an_export_of_then_is_whole_and_signed(age: str) -> None:
    text = text_of(f"{age}/export.txt") + "\n"

    export = Export.from_text(text)

    assert export.to_text() == text
    check_export(export)


def test_an_export_of_then_is_opened_now_with_the_keys_of_then() -> None:
    then = Opened.from_text(text_of("first/closed/opened.json") + "\n")

    export = Export.from_text(text_of("first/closed/export.txt") + "\n")
    now = open_box(export, keys_of_the_closed())

    assert now.adds_up
    for name in ("tally", "challenges", "batches", "merged", "root_in", "comments"):
        assert getattr(now.head, name) == getattr(then.head, name), name
    assert sorted(one.text for one in now.comments) == sorted(
        one.text for one in then.comments
    )
    assert answers(now) == answers(then)


def answers(opened: Opened) -> list[tuple[object, ...]]:
    """Return all that was said, without the ids that are drawn at an opening."""
    return sorted(
        tuple(getattr(one, field.name) for field in fields(one) if field.name != "id")
        for one in opened.fragments
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_history_of_a_kind_has_no_gap(kind: Kind) -> None:
    oldest = min(kind.steps, default=kind.newest)

    assert sorted(kind.steps) == list(range(oldest, kind.newest))
    for version, refusal in {
        kind.newest + 1: NewerFormat,
        oldest - 1: EarlierFormat,
    }.items():
        said = f"{kind.label}{version}" if kind.label else version
        with pytest.raises(refusal):
            kind.newest_of({"format": said})
    strange: tuple[object, ...] = ("x", None, True, [], kind.label, f"{kind.label}one")
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
    content = raw(text_of(named))
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
    for kind, reader in ((EXPORT, Export), (OPENED, Opened)):
        first = json.dumps({"format": f"{kind.label}99"})
        with pytest.raises(NewerFormat):
            reader.from_text(checked(f"{first}\n"))


def test_a_refusal_of_a_text_can_be_caught_as_a_wrong_value() -> None:
    assert issubclass(TextRefused, ValueError)
