"""Whatever an earlier program froze, signed or handed out is read as it was meant."""

import json
from dataclasses import fields
from hashlib import sha256
from typing import Any

import pytest

from survey_app.ballot.paper.closing import SignedClosing
from survey_app.ballot.paper.decrypted import Decrypted
from survey_app.ballot.paper.export import Export
from survey_app.ballot.paper.head import SignedHead
from survey_app.ballot.paper.manifest import Manifest, posted, read_posted
from survey_app.ballot.sealing.decrypting import decrypt_box
from survey_app.ballot.sealing.export_checks import (
    check_export,
    is_manifest_signed,
    is_result_of,
    is_signed_by_both,
    is_signed_by_server,
    opens_closing,
)
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.disclosure.plan import EvaluatedPlan
from survey_app.domain.ground.frozen_text import FrozenText
from survey_app.domain.ground.plain import plain_of
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.frozen_scheme import scheme_from_json, scheme_to_json
from tests.support.samples import every_text, keys_of_kinds, keys_of_the_closed, text_of

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


@pytest.mark.parametrize("age", ["first/closed", "named", "keyed", "last", "kinds"])
def test_what_was_opened_then_still_adds_up(age: str) -> None:
    text = text_of(f"{age}/opened.json") + "\n"

    opened = Decrypted.from_text(text)

    assert opened.adds_up
    assert opened.to_text() == text


@pytest.mark.parametrize("age", ["first/closed", "named", "last", "kinds"])
def test_an_export_of_then_is_whole_and_signed(age: str) -> None:
    text = text_of(f"{age}/export.txt") + "\n"

    export = Export.from_text(text)

    assert export.to_text() == text
    check_export(export)


def test_comments_about_nobody_are_found_in_an_export_of_then() -> None:
    then = Decrypted.from_text(text_of("kinds/opened.json") + "\n")

    export = Export.from_text(text_of("kinds/export.txt") + "\n")
    now = decrypt_box(export, keys_of_kinds())

    said = sorted((one.subject_id, one.question, one.text) for one in then.comments)
    assert said.count((-1, "", "都好")) == 1
    assert said == sorted((c.subject_id, c.question, c.text) for c in now.comments)
    assert answers(now) == answers(then)


def test_an_export_of_then_is_opened_now_with_the_keys_of_then() -> None:
    then = Decrypted.from_text(text_of("first/closed/opened.json") + "\n")

    export = Export.from_text(text_of("first/closed/export.txt") + "\n")
    now = decrypt_box(export, keys_of_the_closed())

    assert now.adds_up
    for name in ("tally", "challenges", "batches", "merged", "root_in", "comments"):
        assert getattr(now.head, name) == getattr(then.head, name), name
    assert sorted(one.text for one in now.comments) == sorted(
        one.text for one in then.comments
    )
    assert answers(now) == answers(then)


def answers(opened: Decrypted) -> list[tuple[object, ...]]:
    """Return all that was said, without the ids that are drawn at an opening."""
    return sorted(
        tuple(getattr(one, field.name) for field in fields(one) if field.name != "id")
        for one in opened.fragments
    )
