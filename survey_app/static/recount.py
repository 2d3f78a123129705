"""Recount a secret ballot with nothing but Python.

    python recount.py head.json fragments.jsonl

Needs Python 3.9 or later: no other file, no network, no program of the office. It
recomputes every leaf, the Merkle root over all of them, the counts and their sums.

    python recount.py head.json fragments.jsonl --tracker CODE --trackers trackers.txt

looks for your ballot among all that were in the box when it closed, and
--closing closing.json compares the result with what was signed then. Signatures are
Ed25519, which Python cannot check by itself: `survey ballots verify` checks them.
The exit status is 1 where anything does not agree.

重新计票：以上命令逐条重算拆分票、默克尔根和各项票数，并可按查验码查找您的选票，
加 --closing closing.json 可与封箱时签名的封箱单核对。
只需 Python，不联网，不依赖任何其他程序。签名请用 survey ballots verify 核对。
"""

import argparse
import hashlib
import json
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TRACKER_SYMBOLS, TRACKER_HEX = 20, 25

Plain = dict[str, Any]
"""What JSON holds."""
Check = tuple[str, str, bool]
"""What was checked, in Chinese and in English, and whether it agrees."""


def text_of(content: Plain) -> str:
    """Return the one way in which this content is written and hashed."""
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )


def leaf_of(line: Plain) -> str:
    """Return the leaf (hex) of a line: given, or SHA-256 of the fragment."""
    if set(line) == {"leaf"}:
        return str(line["leaf"])
    return hashlib.sha256(b"fragment\0" + text_of(line).encode()).hexdigest()


def root_of(leaves: Iterable[str]) -> str:
    """Return the Merkle root (hex) over the distinct leaves (hex), sorted: RFC 6962."""
    level = [
        hashlib.sha256(b"\0" + bytes.fromhex(leaf)).digest()
        for leaf in sorted(set(leaves))
    ]
    if not level:
        return hashlib.sha256(b"").hexdigest()
    while len(level) > 1:
        above = [
            hashlib.sha256(b"\1" + level[left] + level[left + 1]).digest()
            for left in range(0, len(level) - 1, 2)
        ]
        level = above + level[len(above) * 2 :]
    return level[0].hex()


def valid_ballots(head: Plain) -> Counter[tuple[int, str]]:
    """Return (unit, group) → ballots that were counted."""
    valid: Counter[tuple[int, str]] = Counter()
    for batch in head["batches"]:
        if not batch["void"]:
            valid[batch["unit"], batch["rater_group"]] += (
                batch["used"] - batch["spoiled"]
            )
    return valid


def counts_in(lines: Iterable[Plain]) -> Counter[tuple[int, str, str, str]]:
    """Return (subject, group, question, choice) → how many opened lines say so."""
    return Counter(
        (one["subject"], one["group"], one["question"], one["choice"])
        for one in lines
        if "leaf" not in one
    )


def posted_counts(head: Plain) -> Counter[tuple[int, str, str, str]]:
    """Return the same from the head."""
    return Counter(
        {
            (int(subject), group, question, choice): count
            for subject, groups in head["tally"].items()
            for group, asked in groups.items()
            for question, counts in asked.items()
            for choice, count in counts.items()
        }
    )


def sums_agree(head: Plain) -> bool:
    """Return whether every posted question was answered by every ballot counted."""
    valid = valid_ballots(head)
    unit_of: dict[int, int] = {}
    for unit, subjects in head["subjects"].items():
        unit_of.update((subject, int(unit)) for subject in subjects)
    sums: Counter[tuple[int, str, str]] = Counter()
    for (subject, group, question, _), count in posted_counts(head).items():
        sums[subject, group, question] += count
    return all(
        question in head["questions"] and count == valid[unit_of[subject], group]
        for (subject, group, question), count in sums.items()
    )


def is_void(batch: Plain) -> bool:
    """Return whether it is, or has more ballots than slips, signatures or people."""
    return bool(batch["void"]) or not (
        batch["used"] + batch["voided"] + batch["challenged"] <= batch["issued"]
        and batch["used"] <= batch["signed"] <= batch["eligible"]
    )


def batches_agree(head: Plain) -> bool:
    """Return whether every batch that was counted could be."""
    return all(
        one["void"] or (not is_void(one) and 0 <= one["spoiled"] <= one["used"])
        for one in head["batches"]
    )


def expected_lines(head: Plain) -> int:
    """Return valid ballots × subjects of their unit × questions."""
    return sum(
        ballots * len(head["subjects"][str(unit)]) * len(head["questions"])
        for (unit, _), ballots in valid_ballots(head).items()
    )


def checks(head: Plain, lines: Sequence[Plain]) -> Iterator[Check]:
    """Yield (Chinese, English, whether it agrees) for every check of the recount."""
    leaves = [leaf_of(line) for line in lines]
    number = len(lines)
    yield (
        f"拆分票条数 {number}（公告数、有效票数×对象×题目）",
        f"number of fragments {number} (announced; ballots × subjects × questions)",
        number == head["fragments"] == expected_lines(head),
    )
    yield (
        "拆分票无重复、均属本次测评",
        "no fragment twice, none of another survey",
        len(set(leaves)) == number
        and all(
            one.get("survey", head["survey_id"]) == head["survey_id"] for one in lines
        ),
    )
    same = root_of(leaves) == head["root_out"]
    yield "拆分票默克尔根", "Merkle root over the fragments", same
    yield (
        f"公开票数 {len(posted_counts(head))} 项",
        f"published counts, {len(posted_counts(head))} of them",
        counts_in(lines) == posted_counts(head),
    )
    yield "每题合计与有效票数", "sum of every question", sums_agree(head)
    yield "各票批票数核对", "reconciliation of every batch", batches_agree(head)


def tracker_checks(head: Plain, trackers: Sequence[str], code: str) -> Iterator[Check]:
    """Yield the same for the list of trackers and, where given, one code of it."""
    cast = sum(batch["used"] + batch["challenged"] for batch in head["batches"])
    yield (
        f"查验码清单（{len(trackers)} 个）的默克尔根",
        f"Merkle root over the {len(trackers)} trackers",
        root_of(trackers) == head["root_in"] and len(set(trackers)) <= cast,
    )
    if code:
        listed = {*trackers, *map(printed, trackers)}  # long and short
        yield (
            f"查验码 {code} 在票箱中",
            f"tracker {code} among those in the box",
            not listed.isdisjoint((normalised(code).lower(), normalised(code))),
        )


def closing_checks(head: Plain, closing: Plain) -> Iterator[Check]:
    """Yield the same for the closing: whether this is the box that was closed."""
    fingerprint = hashlib.sha256(text_of(closing).encode()).hexdigest()
    yield (
        f"封箱单指纹 {fingerprint[:16]}…",
        f"fingerprint of the closing {fingerprint[:16]}…",
        fingerprint == head["closing"],
    )
    yield (
        "封箱单属本次测评的公示单",
        "the closing is of this survey and this opening manifest",
        (closing["survey_id"], closing["manifest"])
        == (head["survey_id"], head["manifest"]),
    )
    yield (
        "各票批票数及是否作废与封箱单",
        "counts of every batch and whether it is void, as signed when the box closed",
        counts_of(closing) == counts_of(head),
    )
    yield (
        "开箱内容与封箱单的默克尔根",
        "Merkle root over the trackers, as signed when the box closed",
        closing["root_in"] == head["root_in"],
    )


def counts_of(paper: Plain) -> dict[str, list[int]]:
    """Return batch → the numbers that closing and head must share."""
    names = ("eligible", "issued", "signed", "used", "voided", "challenged")
    return {
        one["batch_id"]: [is_void(one), *(one[name] for name in names)]
        for one in paper["batches"]
    }


def normalised(code: str) -> str:
    """Return the code as printed: full width, dashes, spaces, O, I, L forgiven."""
    plain = unicodedata.normalize("NFKC", code).upper()
    return "".join(filter(str.isalnum, plain)).translate(str.maketrans("OIL", "011"))


def printed(tracker: str) -> str:
    """Return the 20 symbols a receipt shows of a tracker: its first 100 bits."""
    number = int(tracker[:TRACKER_HEX], 16)
    return "".join(
        ALPHABET[number >> 5 * place & 31] for place in reversed(range(TRACKER_SYMBOLS))
    )


def read(arguments: argparse.Namespace) -> list[Check]:
    """Return every check of the files that were named."""
    head: Plain = json.loads(Path(arguments.head).read_text("utf-8"))["head"]
    lines = [json.loads(line) for line in lines_of(arguments.fragments)]
    made = list(checks(head, lines))
    if arguments.trackers:
        trackers = lines_of(arguments.trackers)
        made += tracker_checks(head, trackers, arguments.tracker)
    if arguments.closing:
        paper: Plain = json.loads(Path(arguments.closing).read_text("utf-8"))
        made += closing_checks(head, paper["closing"])
    return made


def unchecked(arguments: argparse.Namespace) -> Iterator[str]:
    """Yield what nobody checked here, and how it would be."""
    if not arguments.trackers:
        yield "查验码清单（--trackers）/ the list of trackers: --trackers trackers.txt"
    if not arguments.closing:
        yield "封箱单（--closing）/ the closing: --closing closing.json"
    yield "签名：survey ballots verify / signatures: survey ballots verify"


def lines_of(file: str) -> list[str]:
    """Return the lines of a file that say something."""
    return [line for line in Path(file).read_text("utf-8").split("\n") if line.strip()]


def asked(words: Sequence[str]) -> argparse.Namespace:
    """Return what was typed behind the name of this script."""
    parser = argparse.ArgumentParser(description="重新计票 / recount a secret ballot")
    parser.add_argument("head", help="head.json")
    parser.add_argument("fragments", help="fragments.jsonl")
    parser.add_argument("--tracker", default="", help="查验码 / your tracker")
    parser.add_argument("--trackers", default="", help="trackers.txt")
    parser.add_argument("--closing", default="", help="closing.json")
    arguments = parser.parse_args(words)
    if arguments.tracker and not arguments.trackers:
        parser.error("--tracker 需要 --trackers 清单 / --tracker needs --trackers FILE")
    return arguments


def main(words: Sequence[str]) -> int:
    """Recount, say what agrees and what does not; return the exit status."""
    arguments = asked(words)
    try:
        made = read(arguments)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        sys.stdout.write(
            f"无法读取 / cannot be read: {type(error).__name__}: {error}\n"
        )
        return 1
    for chinese, english, agrees in made:
        mark = "一致 / agrees       " if agrees else "不一致 / DOES NOT AGREE"
        sys.stdout.write(f"[{mark}] {chinese} / {english}\n")
    for part in unchecked(arguments):
        sys.stdout.write(f"[未核对 / not checked  ] {part}\n")
    return 0 if all(agrees for _, _, agrees in made) else 1


if __name__ == "__main__":
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without Chinese
    sys.exit(main(sys.argv[1:]))
