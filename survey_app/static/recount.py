"""Recount a secret ballot with nothing but Python.

    python recount.py head.json fragments.jsonl

Needs Python 3.9 or later: no other file, no network, no program of the office. It
recomputes every leaf, the Merkle root over them and, where both files hold them, counts
and sums. --tracker CODE --trackers trackers.txt looks for your ballot, --closing
closing.json compares with what was signed when the box closed; `survey-keys verify`
checks signatures. The exit status is 1 where anything does not agree.

重新计票：逐条重算拆分票、默克尔根和（两份文件中都有时）各项票数，可按查验码查找选票，
并与封箱单核对。只需 Python，不联网。签名请用 survey-keys verify 核对。
"""

import argparse
import json
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
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
    return sha256(b"fragment\0" + text_of(line).encode()).hexdigest()


def root_of(leaves: Iterable[str]) -> str:
    """Return the Merkle root (hex) over the distinct leaves (hex), sorted: RFC 6962."""
    known = map(bytes.fromhex, sorted(set(leaves)))
    level = [sha256(b"\0" + leaf).digest() for leaf in known]
    if not level:
        return sha256(b"").hexdigest()
    while len(level) > 1:
        firsts = range(0, len(level) - 1, 2)
        above = [sha256(b"\1" + level[n] + level[n + 1]).digest() for n in firsts]
        level = above + level[len(above) * 2 :]
    return level[0].hex()


def valid_ballots(head: Plain) -> Counter[tuple[int, str]]:
    """Return (unit, group) → ballots that were counted."""
    valid: Counter[tuple[int, str]] = Counter()
    for batch in head["batches"]:
        lost = batch["spoiled"] + batch.get("invalid", 0)
        cast = 0 if batch["void"] else batch["used"] - lost
        valid[batch["unit"], batch["rater_group"]] += cast
    return valid


def counts_in(lines: Iterable[Plain]) -> Counter[tuple[int, str, str, str]]:
    """Return (subject, group, question, choice) → how many opened lines say so."""
    asked = ("subject", "group", "question", "choice")
    opened = (line for line in lines if "leaf" not in line)
    return Counter(tuple(one[name] for name in asked) for one in opened)


def posted_counts(head: Plain) -> Counter[tuple[int, str, str, str]]:
    """Return the same from the head."""
    return Counter(
        {
            (int(subject), group, question, choice): count
            for subject, groups in head.get("tally", {}).items()
            for group, asked in groups.items()
            for question, counts in asked.items()
            for choice, count in counts.items()
        }
    )


def sums_agree(head: Plain) -> bool:
    """Return whether every posted question was answered by every ballot counted."""
    valid = valid_ballots(head)
    unit_of = {one: int(u) for u, some in head["subjects"].items() for one in some}
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
    """Return whether every batch counted could be, and rules broke as is said."""
    counted = [(b, b.get("invalid", 0)) for b in head["batches"] if not b["void"]]
    invalid, broken = sum(n for _, n in counted), head.get("broken", [])
    told = "salt" not in head or max(broken, default=0) <= invalid <= sum(broken)
    return told and all(
        not is_void(b) and 0 <= b["spoiled"] <= b["used"] - n <= b["used"]
        for b, n in counted
    )


def expected_lines(head: Plain) -> int:
    """Return valid ballots × subjects of their unit × questions."""
    asked = {int(u): len(some) for u, some in head["subjects"].items()}
    cast = valid_ballots(head).items()
    return len(head["questions"]) * sum(n * asked[unit] for (unit, _), n in cast)


def checks(head: Plain, lines: Sequence[Plain]) -> Iterator[Check]:
    """Yield (Chinese, English, whether it agrees) for every check of the recount."""
    leaves = [leaf_of(line) for line in lines]
    number = len(lines)
    yield (
        f"拆分票条数 {number}（公告数、有效票数×对象×题目）",
        f"number of fragments {number} (announced; ballots × subjects × questions)",
        number == head["fragments"] == expected_lines(head),
    )
    ours = {line.get("survey", head["survey_id"]) for line in lines}
    yield (
        "拆分票无重复、均属本次测评",
        "no fragment twice, none of another survey",
        len(set(leaves)) == number and ours <= {head["survey_id"]},
    )
    same = root_of(leaves) == head["root_out"]
    yield "拆分票默克尔根", "Merkle root over the fragments", same
    if are_told(head, lines):
        number = len(posted_counts(head))
        same = counts_in(lines) == posted_counts(head)
        yield (
            f"各人各题票数 {number} 项",
            f"counts about persons, {number} of them",
            same,
        )
        yield "每题合计与有效票数", "sum of every question", sums_agree(head)
    if "salt" in head:
        same = said_in(head) == head["statements"]
        yield "各人票数与已签名的哈希值", "counts about persons, as signed", same
    yield "各票批票数核对", "reconciliation of every batch", batches_agree(head)


def are_told(head: Plain, lines: Iterable[Plain]) -> bool:
    """Return whether both files hold counts about persons, not only their hashes."""
    opened = any("leaf" not in one for one in lines)
    return "tally" in head and (opened or not head["tally"])


def said_in(head: Plain) -> str:
    """Return the hash (hex) that was signed in place of what was said of persons."""
    said: Plain = {key: head[key] for key in ("salt", "tally", "broken") if key in head}
    said["challenges"] = [one["picks"] for one in head["challenges"]]
    return sha256(b"statements\0" + text_of(said).encode()).hexdigest()


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
        found = not listed.isdisjoint((normalised(code).lower(), normalised(code)))
        yield f"查验码 {code} 在票箱中", f"tracker {code} among those in the box", found


def closing_checks(head: Plain, closing: Plain) -> Iterator[Check]:
    """Yield the same for the closing: whether this is the box that was closed."""
    fingerprint = sha256(text_of(closing).encode()).hexdigest()
    short, same = fingerprint[:16], fingerprint == head["closing"]
    yield f"封箱单指纹 {short}…", f"fingerprint of the closing {short}…", same
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
    if gone := closing.get("taken_out"):  # of their marks few may be anybody's
        about = {subject for subject, *_ in posted_counts(head)}
        said = f"撤出的对象 {gone} 未公布票数", f"no count about {gone}, taken out"
        yield *said, about.isdisjoint(gone)


def counts_of(paper: Plain) -> dict[str, list[int]]:
    """Return batch → the numbers that closing and head must share."""
    names = ("eligible", "issued", "signed", "used", "voided", "challenged")
    batches = paper["batches"]
    return {b["batch_id"]: [is_void(b), *(b[name] for name in names)] for b in batches}


def normalised(code: str) -> str:
    """Return the code as printed: full width, dashes, spaces, O, I, L forgiven."""
    plain = unicodedata.normalize("NFKC", code).upper()
    return "".join(filter(str.isalnum, plain)).translate(str.maketrans("OIL", "011"))


def printed(tracker: str) -> str:
    """Return the 20 symbols a receipt shows of a tracker: its first 100 bits."""
    number, places = int(tracker[:TRACKER_HEX], 16), reversed(range(TRACKER_SYMBOLS))
    return "".join(ALPHABET[number >> 5 * place & 31] for place in places)


def read(arguments: argparse.Namespace) -> tuple[list[Check], bool]:
    """Return every check of the named files, and whether counts were among them."""
    head: Plain = json.loads(Path(arguments.head).read_text("utf-8"))["head"]
    lines = [json.loads(line) for line in lines_of(arguments.fragments)]
    made = list(checks(head, lines))
    if arguments.trackers:
        trackers = lines_of(arguments.trackers)
        made += tracker_checks(head, trackers, arguments.tracker)
    if arguments.closing:
        paper: Plain = json.loads(Path(arguments.closing).read_text("utf-8"))
        made += closing_checks(head, paper["closing"])
    return made, are_told(head, lines)


def unchecked(arguments: argparse.Namespace, *, told: bool) -> list[str]:
    """Return what nobody checked here, and how it would be."""
    counts = "各人票数：凭记录上的密钥取件 / counts about persons: files with the key"
    parts = [
        (told, counts),
        (arguments.trackers, "查验码清单 / trackers: --trackers trackers.txt"),
        (arguments.closing, "封箱单 / the closing: --closing closing.json"),
        (False, "签名 / signatures: survey-keys verify"),
    ]
    return [how for done, how in parts if not done]


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
        made, told = read(arguments)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        sys.stdout.write(f"无法读取 / cannot be read: {error!r}\n")
        return 1
    for chinese, english, agrees in made:
        mark = "一致 / agrees       " if agrees else "不一致 / DOES NOT AGREE"
        sys.stdout.write(f"[{mark}] {chinese} / {english}\n")
    for part in unchecked(arguments, told=told):
        sys.stdout.write(f"[未核对 / not checked  ] {part}\n")
    return 0 if all(agrees for _, _, agrees in made) else 1


if __name__ == "__main__":
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without Chinese
    sys.exit(main(sys.argv[1:]))
