"""A name that repeats never stands alone; one that does not, always."""

import pytest

from survey_app.appraisal.rated import Rated, RatedCadre, RatedUnit, named_apart
from survey_app.domain.ground.look_alike import Naming, told_apart


def person(
    name: str, unit: str = "清河镇", title: str = "镇长", *, parent: str = "清河县",
    code: str = "C1",
) -> Naming:  # fmt: skip
    return Naming(name, unit, parent, title, code)


def unit(name: str, parent: str = "", code: str = "U1") -> Naming:
    return Naming(name, "", parent, "", code)


def test_a_name_nobody_else_bears_stands_alone() -> None:
    assert told_apart([person("李强"), person("王芳")]) == ["李强", "王芳"]


@pytest.mark.parametrize(
    ("namings", "told"),
    [
        (
            [person("李强"), person("李强", "柳林镇"), person("王芳")],
            ["李强（清河镇 镇长）", "李强（柳林镇 镇长）", "王芳"],
        ),
        (
            [person("李强"), person("李强", title="副镇长"), person("李 强", "柳林镇")],
            ["李强（清河镇 镇长）", "李强（清河镇 副镇长）", "李 强（柳林镇 镇长）"],
        ),
        (
            [person("李强", "财政所"), person("李强", "财政所", parent="柳林镇")],
            ["李强（清河县 财政所 镇长）", "李强（柳林镇 财政所 镇长）"],
        ),
        (
            [person("李强", code="C1"), person("李强", code="C2")],
            ["李强（清河县 清河镇 镇长 C1）", "李强（清河县 清河镇 镇长 C2）"],
        ),
        (
            [unit("财政所", "清河镇"), unit("财政所", "柳林镇"), unit("财政所")],
            ["财政所（清河镇）", "财政所（柳林镇）", "财政所"],
        ),
        (
            [unit("财政所", code="T1"), unit("财政所", code="T2")],
            ["财政所（T1）", "财政所（T2）"],
        ),
    ],
    ids=["units", "titles", "parents", "codes", "bodies", "bodies by code"],
)
def test_what_repeats_has_beside_it_what_tells_it_apart(
    namings: list[Naming], told: list[str]
) -> None:
    assert told_apart(namings) == told


def test_units_of_one_name_are_told_apart_beside_their_people_too() -> None:
    above = [
        RatedUnit(1, "T1", "财政所", "清河镇"),
        RatedUnit(2, "T2", "财政所", "柳林镇"),
    ]
    rated = [
        Rated(n, "cadre", place, RatedCadre(f"C{n}", name, "所长", "principal"))
        for n, (place, name) in enumerate(zip(above, ("李强", "王芳"), strict=True))
    ]

    named = named_apart(rated)

    assert [one.name for one in named] == ["李强", "王芳"]
    assert [one.place for one in named] == [
        "财政所（清河镇） 所长",
        "财政所（柳林镇） 所长",
    ]
    assert [one.unit.name for one in named] == ["财政所", "财政所"]
