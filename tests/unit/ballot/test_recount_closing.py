"""The stand-alone script compares a result with what was signed at the closing."""

import json
from pathlib import Path
from typing import Any

import pytest

from survey_app.domain.ground.canonical import canonical, fingerprint_of
from survey_app.static import recount
from tests.support.recounting import BOX, HEAD, changed_head, recounted

CLOSING = BOX.posted_closing.to_json()
OTHERS = {
    "a count": CLOSING.replace('"used":11', '"used":10', 1),
    "what nobody can recount": CLOSING.replace(
        '"comments_in":"', '"comments_in":"0', 1
    ),
    "a root": CLOSING.replace('"root_in":"', '"root_in":"0', 1),
    "another survey": CLOSING.replace('"survey_id":1', '"survey_id":2', 1),
}


def test_the_closing_is_compared(tmp_path: Path) -> None:
    (tmp_path / "closing.json").write_text(CLOSING, "utf-8")
    said = recounted(tmp_path, "--closing", "closing.json")

    assert said.returncode == 0, said.stdout + said.stderr
    assert said.stdout.count("agrees") == 11
    assert "--closing" not in said.stdout


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_another_closing_is_noticed(tmp_path: Path, other: str) -> None:
    assert other != CLOSING
    (tmp_path / "closing.json").write_text(other, "utf-8")

    assert recounted(tmp_path, "--closing", "closing.json").returncode == 1


def test_a_result_that_differs_from_the_closing_is_noticed(tmp_path: Path) -> None:
    def signed_less(head: dict[str, Any]) -> None:
        head["batches"][0]["signed"] += 1
        changed = json.loads(CLOSING)["closing"]
        head["closing"] = fingerprint_of(canonical(changed))

    (tmp_path / "closing.json").write_text(CLOSING, "utf-8")
    head = changed_head(signed_less)

    assert recounted(tmp_path, "--closing", "closing.json", head=head).returncode == 1


def test_a_batch_void_on_one_paper_alone_is_noticed(tmp_path: Path) -> None:
    closing = json.loads(CLOSING)
    closing["closing"]["batches"][0]["void"] = True

    def named(head: dict[str, Any]) -> None:
        head["closing"] = fingerprint_of(canonical(closing["closing"]))

    (tmp_path / "closing.json").write_text(canonical(closing), "utf-8")
    head = changed_head(named)
    said = recounted(tmp_path, "--closing", "closing.json", head=head)

    assert said.returncode == 1
    assert said.stdout.count("DOES NOT AGREE") == 1
    assert "whether it is void" in said.stdout.split("DOES NOT AGREE")[1]


def test_a_batch_that_did_not_add_up_must_be_void_in_the_result(
    tmp_path: Path,
) -> None:
    closing = json.loads(CLOSING)["closing"]

    def more_than_signed(paper: dict[str, Any]) -> dict[str, Any]:
        paper["batches"][0]["signed"] = paper["batches"][0]["used"] - 1
        return paper

    forged = more_than_signed(closing)
    counted = more_than_signed(json.loads(json.dumps(HEAD["head"])))
    void = json.loads(json.dumps(counted))
    void["batches"][0]["void"] = True

    assert recount.counts_of(forged) == recount.counts_of(void)
    assert not recount.batches_agree(counted)
    assert recount.batches_agree(void)
