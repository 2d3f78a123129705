"""What the units and people of a made-up city are called, twins among them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
FIRST = "建国志文永晓海春秀丽玉红明德金俊立新家宏卫少学天庆世忠"
SECOND = "华强军平伟芳英兰梅霞敏静杰涛斌波辉刚勇峰林东生成安宁祥福"
STEMS = "清柳石龙白双永东新云青太平安长河山泉泰和兴丰康宁福祥"
TAILS = "河林桥泉杨塔安关城台山平口岭湾坪沟湖川庄"
KINDS = (("镇", "镇长", "副镇长"), ("乡", "乡长", "副乡长"), ("街道", "主任", "副主任"),
         ("区教育局", "局长", "副局长"), ("区民政局", "局长", "副局长"))  # fmt: skip
DISTRICT = 100
"""So many units belong to a district, which is a unit too; fewer belong to none."""


@dataclass(frozen=True, slots=True)
class Place:
    """A unit to be."""

    name: str
    parent: int | None
    head: str
    deputy: str


@dataclass(frozen=True, slots=True)
class Person:
    """A cadre to be."""

    name: str
    unit: int
    post: str
    title: str


def places(luck: Random, units: int) -> list[Place]:
    """Return so many units; the first of a large place are its districts."""
    districts = units // DISTRICT
    stems = [a + b for a in STEMS for b in TAILS if a != b]
    luck.shuffle(stems)
    found = [Place(f"{stems[n]}区", None, "区长", "副区长") for n in range(districts)]
    for number in range(districts, units):
        kind, head, deputy = KINDS[number % len(KINDS) if districts else 0]
        # Fewer names than units: some are called alike, in different districts.
        stem = stems[districts + number * 7 % min(len(stems) - districts, 350)]
        parent = number % districts + 1 if districts else None
        found.append(Place(stem + kind, parent, head, deputy))
    return found


def people(luck: Random, found: Sequence[Place]) -> Iterator[Person]:
    """Yield a principal and one or two deputies of every unit, namesakes among them."""
    weights = range(len(SURNAMES), 0, -1)
    for number, place in enumerate(found, start=1):
        titles = [("principal", place.head), *[("deputy", place.deputy)] * 2]
        for post, title in titles[: 3 if number % 2 else 2]:
            (surname,) = luck.choices(SURNAMES, weights)
            given = luck.choice(SECOND)
            if luck.random() < 0.8:
                given = luck.choice(FIRST) + given
            yield Person(surname + given, number, post, title)
