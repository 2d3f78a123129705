"""The sheets of the roster workbook: what they and their columns are called.

Template, reading and messages all take their names from here. A heading is recognised
in either language, and columns may stand in any order.
"""

from dataclasses import dataclass

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.scheme.scheme import Post


@dataclass(frozen=True, slots=True)
class RosterColumn:
    """One column of a sheet."""

    key: str
    heading: Bilingual
    example: str
    note: Bilingual
    """What to write into it."""
    needed: bool = True
    """Whether a row without it is refused."""


@dataclass(frozen=True, slots=True)
class SheetForm:
    """One sheet: its name and its columns in the order of the template."""

    key: str
    name: Bilingual
    columns: tuple[RosterColumn, ...]

    def column(self, key: str) -> RosterColumn:
        """Return the column with this key."""
        return next(column for column in self.columns if column.key == key)


POSTS = {
    Post.PRINCIPAL: Bilingual("正职", "principal"),
    Post.DEPUTY: Bilingual("副职", "deputy"),
}
"""How the two kinds of post are written."""

UNITS = SheetForm(
    "units",
    Bilingual("单位", "Units"),
    (
        RosterColumn(
            "code",
            Bilingual("单位编码", "Unit code"),
            "T01",
            Bilingual(
                "固定不变的编码，再次导入时凭它找到同一单位",
                "A code that never changes; later imports find the unit by it",
            ),
        ),
        RosterColumn(
            "name",
            Bilingual("单位名称", "Unit name"),
            "清河镇",
            Bilingual("单位全称", "The unit's full name"),
        ),
        RosterColumn(
            "parent",
            Bilingual("上级单位编码", "Parent unit code"),
            "",
            Bilingual("没有上级的留空", "Leave empty if there is none"),
            needed=False,
        ),
    ),
)

CADRES = SheetForm(
    "cadres",
    Bilingual("干部", "Cadres"),
    (
        RosterColumn(
            "code",
            Bilingual("干部编码", "Cadre code"),
            "C01",
            Bilingual(
                "固定不变的编码，再次导入时凭它找到同一人；不要用身份证号",
                "A code that never changes; do not use an identity number",
            ),
        ),
        RosterColumn(
            "name",
            Bilingual("姓名", "Name"),
            "王建国",
            Bilingual("姓名中间的空格会自动去掉", "Inner spaces are removed"),
        ),
        RosterColumn(
            "unit",
            Bilingual("单位编码", "Unit code"),
            "T01",
            Bilingual(
                "“单位”表中的编码，或已导入的单位编码",
                "A code of the sheet of units, or of a unit imported before",
            ),
        ),
        RosterColumn(
            "post",
            Bilingual("职级类别", "Post"),
            "正职",
            Bilingual("正职或副职", "principal or deputy"),
        ),
        RosterColumn(
            "title",
            Bilingual("职务", "Title"),
            "镇长",
            Bilingual("职务名称", "The post's own name"),
        ),
    ),
)

VALUES = SheetForm(
    "values",
    Bilingual("构成项得分", "Component values"),
    (
        RosterColumn(
            "cycle",
            Bilingual("考核年度", "Cycle"),
            "2026年度考核",
            Bilingual(
                "与系统中的考核年度名称一致",
                "The name of an appraisal cycle, as the office has it",
            ),
        ),
        RosterColumn(
            "subject",
            Bilingual("评价对象编码", "Subject code"),
            "C01",
            Bilingual(
                "构成项属于个人的写干部编码，属于班子的写单位编码",
                "The cadre's code, or the unit's where a leading body is meant",
            ),
        ),
        RosterColumn(
            "component",
            Bilingual("构成项", "Component"),
            "目标任务完成",
            Bilingual(
                "考核方案中由外部赋分的构成项名称，可从下拉列表选择",
                "A component the scheme takes from outside; choose it from the list",
            ),
        ),
        RosterColumn(
            "value",
            Bilingual("得分", "Value"),
            "93.2",
            Bilingual(
                "按方案满分计的得分，写小数或分数",
                "Out of the full marks; a decimal or a fraction",
            ),
        ),
        RosterColumn(
            "source",
            Bilingual("依据", "Source"),
            "县考核办〔2026〕3号",
            Bilingual("认定单位和存档文号", "Who determined it and where it is filed"),
        ),
    ),
)

ADJUSTMENTS = SheetForm(
    "adjustments",
    Bilingual("加扣分", "Adjustments"),
    (
        VALUES.column("cycle"),
        RosterColumn(
            "unit",
            Bilingual("单位", "Unit"),
            "清河镇",
            Bilingual(
                "单位名称；有重名单位的写单位编码",
                "The unit's name, or its code where units share a name",
            ),
        ),
        RosterColumn(
            "name",
            Bilingual("姓名", "Name"),
            "王建国",
            Bilingual(
                "干部姓名，同单位有重名的写干部编码；考核领导班子的方案留空",
                "The cadre's name, or code where names are shared; empty where the "
                "scheme scores leading bodies",
            ),
            needed=False,
        ),
        RosterColumn(
            "kind",
            Bilingual("类别", "Kind"),
            "扣分",
            Bilingual("加分或扣分", "bonus or deduction"),
        ),
        RosterColumn(
            "points",
            Bilingual("分值", "Points"),
            "0.5",
            Bilingual(
                "写小数，不写正负号；须在方案上限之内",
                "A decimal without a sign, within the scheme's cap",
            ),
        ),
        RosterColumn(
            "reason",
            Bilingual("事由", "Reason"),
            "重点项目督查逾期未整改",
            Bilingual("为何加分或扣分", "What it is given or taken for"),
        ),
        RosterColumn(
            "source",
            Bilingual("依据", "Source"),
            "县督查通报〔2026〕7号",
            Bilingual(
                "文件或佐证材料及存档处", "The document or evidence, where filed"
            ),
        ),
    ),
)

SHEETS = (UNITS, CADRES, VALUES, ADJUSTMENTS)
