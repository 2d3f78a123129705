"""The stand-alone script: recounts what was posted and notices every change."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from survey_app.ballot.paper.fragments import Fragment, leaf_of, recount_lines
from survey_app.ballot.paper.merkle import merkle_root
from survey_app.ballot.paper.ticket import printed_tracker, tracker_of
from tests.support.recounting import (
    BOX,
    DECRYPTED,
    LINES,
    SCRIPT,
    changed_head,
    recounted,
)
from tests.support.sealed_export import sealed


def test_an_honest_result_agrees_in_both_languages(tmp_path: Path) -> None:
    said = recounted(tmp_path)

    assert said.returncode == 0, said.stdout + said.stderr
    assert "DOES NOT AGREE" not in said.stdout
    assert "一致" in said.stdout
    assert said.stdout.count("agrees") == 7


def test_the_file_opens_what_is_posted_and_nothing_else() -> None:
    read = [json.loads(line) for line in LINES]
    groups = {one["group"] for one in read if "leaf" not in one}

    assert groups == {"staff", "residents"}
    assert sum(set(one) == {"leaf"} for one in read) == 3 * 1 * 2, "the three leaders"


def changed_choice(lines: list[str]) -> list[str]:
    place = next(n for n, line in enumerate(lines) if '"good"' in line)
    lines[place] = lines[place].replace('"good"', '"bad"')
    return lines


def changed_leaf(lines: list[str]) -> list[str]:
    place = next(n for n, line in enumerate(lines) if "leaf" in line)
    lines[place] = json.dumps({"leaf": "ab" * 32})
    return lines


TAMPERED: dict[str, Callable[[list[str]], list[str]]] = {
    "an answer changed": changed_choice,
    "a closed line changed": changed_leaf,
    "a line dropped": lambda lines: lines[1:],
    "a line twice": lambda lines: [*lines, lines[0]],
    "one line for another": lambda lines: [lines[0], *lines[:-1]],
    "nothing left": lambda _: [],
    "not JSON": lambda lines: ["{", *lines[1:]],
}


@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED)
def test_a_changed_file_is_noticed(
    tmp_path: Path, tamper: Callable[[list[str]], list[str]]
) -> None:
    said = recounted(tmp_path, lines=tamper(list(LINES)))

    assert said.returncode == 1
    assert "Traceback" not in said.stderr


def one_more(head: dict[str, Any]) -> None:
    head["tally"]["11"]["staff"]["work"]["bad"] += 1


def one_moved(head: dict[str, Any]) -> None:
    counts = head["tally"]["11"]["staff"]["work"]
    counts["bad"], counts["good"] = counts["bad"] - 1, counts["good"] + 1


def group_left_out(head: dict[str, Any]) -> None:
    del head["tally"]["11"]["staff"]


def used_more(head: dict[str, Any]) -> None:
    for batch in head["batches"]:
        batch["used"] += 1
        batch["spoiled"] += 1


def more_signed_than_people(head: dict[str, Any]) -> None:
    head["batches"][0]["signed"] = head["batches"][0]["eligible"] + 1


def another_root(head: dict[str, Any]) -> None:
    head["root_out"] = "00" * 32


def fragments_more(head: dict[str, Any]) -> None:
    head["fragments"] += 1


HEADS = (
    one_more, one_moved, group_left_out, used_more, another_root, fragments_more,
    more_signed_than_people,
)  # fmt: skip


@pytest.mark.parametrize("change", HEADS)
def test_a_changed_head_is_noticed(
    tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    assert recounted(tmp_path, head=changed_head(change)).returncode == 1


def test_one_closed_line_twice_is_noticed_even_under_a_root_of_its_own(
    tmp_path: Path,
) -> None:
    closed = [line for line in LINES if set(json.loads(line)) == {"leaf"}]
    doubled = [closed[0] if line == closed[1] else line for line in LINES]
    leaves = {line: leaf_of(one) for line, one in by_line().items()}

    def of_the_rest(head: dict[str, Any]) -> None:
        rest = (leaf for line, leaf in leaves.items() if line != closed[1])
        head["root_out"] = merkle_root(rest).hex()

    said = recounted(tmp_path, head=changed_head(of_the_rest), lines=doubled)

    assert said.returncode == 1
    assert said.stdout.count("DOES NOT AGREE") == 1


def by_line() -> dict[str, Fragment]:
    """Return line of the file → the fragment it stands for."""
    tally = DECRYPTED.head.tally
    return {recount_lines([one], tally)[0]: one for one in DECRYPTED.fragments}


def test_everybody_finds_the_own_tracker(tmp_path: Path) -> None:
    list_ = ("--trackers", "trackers.txt")
    for ballot in (*BOX.envelopes[:2], *BOX.challenged):
        code = printed_tracker(tracker_of(ballot.envelope))

        assert recounted(tmp_path, "--tracker", code, *list_).returncode == 0
        typed = code.lower().replace("-", " ").replace("0", "o")
        assert recounted(tmp_path, "--tracker", typed, *list_).returncode == 0
        long = tracker_of(ballot.envelope).hex().upper()
        assert recounted(tmp_path, "--tracker", long, *list_).returncode == 0


def test_a_ballot_that_was_not_in_the_box_is_not_found(tmp_path: Path) -> None:
    code = printed_tracker(tracker_of(sealed("1-staff").envelope))
    said = recounted(tmp_path, "--tracker", code, "--trackers", "trackers.txt")

    assert said.returncode == 1


def test_a_list_of_trackers_with_one_added_or_lost_is_noticed(tmp_path: Path) -> None:
    recounted(tmp_path)
    whole = [one.hex() for one in BOX.content.trackers]
    for name, listed in (("more", [*whole, "ab" * 32]), ("less", whole[1:])):
        (tmp_path / name).write_text("\n".join(listed) + "\n", "utf-8")

        assert recounted(tmp_path, "--trackers", name).returncode == 1


def test_what_is_not_checked_is_said(tmp_path: Path) -> None:
    said = recounted(tmp_path).stdout

    assert said.count("not checked") == 3
    assert "--closing" in said
    assert "--trackers" in said


def test_a_tracker_without_the_list_is_explained(tmp_path: Path) -> None:
    said = recounted(tmp_path, "--tracker", "0" * 20)

    assert said.returncode != 0
    assert "--trackers" in said.stderr


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-I", SCRIPT, "head.json", "none"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == 1
    assert said.stdout.count("\n") == 1
    assert said.stderr == ""


def test_the_script_needs_nothing_of_this_project() -> None:
    assert "survey_app" not in SCRIPT.read_text("utf-8")
