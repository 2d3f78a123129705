"""`survey-keys verify`: what agrees, what does not, and what nobody checked."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from survey_app.settings import Settings
from tests.support.verbs_desk import Desk, closed_desk, survey


@pytest.fixture
def desk(engine: Engine, ballots: Engine, tmp_path: Path, settings: Settings) -> Desk:
    return closed_desk(engine, ballots, tmp_path, settings)


def test_what_is_published_holds_no_comment_and_agrees(desk: Desk) -> None:
    papers = desk.opened()
    for name in ("head.json", "fragments.jsonl", "trackers.txt"):
        assert "一条意见" not in (papers / name).read_text("utf-8")
    verified = survey(
        "ballots", "verify", papers / "head.json", papers / "fragments.jsonl",
        "--tracker", desk.receipt, "--trackers", papers / "trackers.txt",
    )  # fmt: skip

    assert verified.exit_code == 0, verified.output
    assert verified.output.count("signature of") == 2
    assert desk.receipt in verified.output


def test_a_head_that_somebody_rewrote_is_noticed(desk: Desk) -> None:
    papers = desk.opened()
    head = json.loads((papers / "head.json").read_text("utf-8"))
    head["head"]["title"] = "别的测评"
    (papers / "head.json").write_text(json.dumps(head), "utf-8")
    verified = survey(
        "ballots", "verify", papers / "head.json", papers / "fragments.jsonl"
    )

    assert verified.exit_code == 1
    assert "DOES NOT AGREE  signature of 组织部" in verified.output


def test_the_posted_manifest_is_compared(desk: Desk) -> None:
    papers = desk.opened()
    posted = json.loads(desk.exported().read_text("utf-8").split("\n")[0])["posted"]
    manifest = papers / "manifest.json"
    files = (papers / "head.json", papers / "fragments.jsonl", "--manifest", manifest)
    manifest.write_text(json.dumps(posted), "utf-8")
    honest = survey("ballots", "verify", *files)
    posted["manifest"]["floor"] = 3
    manifest.write_text(json.dumps(posted), "utf-8")
    changed = survey("ballots", "verify", *files)

    assert honest.exit_code == 0, honest.output
    assert changed.exit_code == 1


def test_what_was_not_checked_is_said_and_is_no_agreement(desk: Desk) -> None:
    papers = desk.opened()
    said = survey("ballots", "verify", papers / "head.json", papers / "fragments.jsonl")

    unchecked = [line for line in said.output.splitlines() if "not checked" in line]
    assert said.exit_code == 0, said.output
    assert [word for line in unchecked for word in line.split() if word[0] == "-"] == [
        "--trackers", "--manifest", "--closing",
    ]  # fmt: skip
    assert "the server's signature is missing" in said.output
    assert "4 were NOT CHECKED" in said.output.splitlines()[-1]


def test_all_agree_only_where_all_was_checked(desk: Desk) -> None:
    papers = desk.opened()
    desk.taken(papers / "opened.json")
    for name in ("head", "manifest", "closing"):
        row = getattr(desk.box.row(), name)
        (papers / f"{name}.posted").write_text(row, "utf-8")
    files: list[object] = [papers / "head.posted", papers / "fragments.jsonl"]
    for name, file in (
        ("manifest", "manifest.posted"), ("closing", "closing.posted"),
        ("trackers", "trackers.txt"),
    ):  # fmt: skip
        files += [f"--{name}", papers / file]
    said = survey("ballots", "verify", *files)

    assert said.exit_code == 0, said.output
    assert said.output.splitlines()[-1] == "All of these agree."
    assert "not checked" not in said.output


def test_a_batch_void_in_the_closing_alone_is_noticed_without_a_manifest(
    desk: Desk,
) -> None:
    papers = desk.opened()
    closing = desk.box.row().closing.replace('"void":false', '"void":true', 1)
    (papers / "closing.json").write_text(closing, "utf-8")
    files = (papers / "head.json", papers / "fragments.jsonl")
    said = survey("ballots", "verify", *files, "--closing", papers / "closing.json")

    assert "DOES NOT AGREE  counts of every batch and whether it is void" in said.output


@pytest.mark.parametrize(
    ("word", "other"),
    [('"used":8', '"used":7'), ('"root_in":"', '"root_in":"0'), ("signed", "signed")],
)
def test_a_closing_that_is_another_one_is_noticed(
    desk: Desk, word: str, other: str
) -> None:
    papers = desk.opened()
    closing = desk.box.row().closing.replace(word, other, 1)
    if word == other:
        closing = closing.replace('"signature":"', '"signature":"00')
    (papers / "closing.json").write_text(closing, "utf-8")
    files = (papers / "head.json", papers / "fragments.jsonl")
    said = survey("ballots", "verify", *files, "--closing", papers / "closing.json")

    assert said.exit_code == 1
    assert "DOES NOT AGREE  signature of the closing" in said.output
