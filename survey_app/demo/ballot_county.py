"""The demo's two secret ballots as values: who is asked, and what everybody says.

In 清河镇 the ballot is over and its box was opened; one deputy is called incompetent by
more than one third. In 石桥镇 it is open, for trying with printed slips; its superiors
are too few and are counted together with its peers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from survey_app.demo.county import SEED

CYCLE = "2026年度县级领导干部考核"
SCHEME = "xining-cadres-2012"
COMPONENT = "democratic"
QUESTIONNAIRE = "cadre-evaluation"
HOLDERS = ("县委组织部", "县纪委监委机关")
PASSPHRASES = ("lanhua qingke 4471", "maque dongfeng 9358")
"""Printed where the demo is served. A real passphrase is in a head or a safe."""
GIVEN = ("leadership", "assessment_group")
BODY_GIVEN = "duties"
"""What the leading body's score stands for."""

LEVELS = ("excellent", "competent", "basically_competent", "incompetent", "dont_know")


@dataclass(frozen=True, slots=True)
class DemoBallot:
    """One unit's ballot."""

    unit: str
    title: str
    eligible: Mapping[str, int]
    """People by rater group; nobody's name."""


DECRYPTED = DemoBallot(
    "T01",
    "2026年清河镇领导干部民主测评",
    {"superiors": 10, "peers": 14, "subordinates": 40},
)
STILL_OPEN = DemoBallot(
    "T03",
    "2026年石桥镇领导干部民主测评",
    {"superiors": 5, "peers": 9, "subordinates": 30},
)

CAST = {"superiors": 10, "peers": 13, "subordinates": 37}
"""How many of the slips of the first ballot are used."""

MOODS = ((50, 36, 10, 2, 2), (40, 38, 14, 4, 4), (18, 22, 12, 46, 2))
"""How likely each of LEVELS is, in parts, for each of the three who are rated."""

COMMENTS = (
    "工作很扎实，经常到村里来。",
    "希望多听听年轻同志的意见。",
    "办事公道，大家服气。",
    "会议太多，材料太多。",
    "分工不够清楚，有时两头跑。",
    "关心干部，也敢于批评。",
    "项目推进慢，承诺的事要落实。",
    "对群众有耐心。",
    "作风硬，标准高。",
    "建议公开讨论经费安排。",
    "遇事不推诿。",
    "基层负担还可以再减一些。",
)
"""Written about the first who is rated."""

Picks = Mapping[int, Mapping[str, str]]
"""Place of the rated person → question → choice."""


def ballots_of(group: str, number: int, questions: tuple[str, ...]) -> list[Picks]:
    """Return what the members of a rater group say, the same at every start."""
    luck = Random(f"{SEED}{group}")  # noqa: S311 -- a demo, and it must repeat itself
    return [
        {
            place: {question: luck.choices(LEVELS, mood)[0] for question in questions}
            for place, mood in enumerate(MOODS)
        }
        for _ in range(number)
    ]
