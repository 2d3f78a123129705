"""An official who writes a questionnaire and a scheme of her own, on pages alone."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from playwright.sync_api import FilePayload, Locator, Page, expect

from survey_app.domain.questionnaire.choice_sets import SETS
from survey_app.domain.questionnaire.tongues import TONGUES
from tests.support.browser.ballot_office import Official
from tests.support.browser.every_answer import Said
from tests.support.tongues import MARKS
from tests.support.workbooks import rows_of, workbook

Look = Callable[[Page], None]
"""Looks at a page as it stands, wherever one comes by."""

TIBETAN = "bo"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TITLE = "办事大厅与干部评价"
BANDS = {"points.0": "30", "points.60": "65", "points.70": "75", "points.80": "85"}
COMPONENTS = {
    "民主测评": BANDS | {"points.90": "100"},
    "群众满意度得分": {"points": "mean"},
}
"""Component → what its number is worth: by bands, or the mean itself."""
POINTS = {
    "values": {
        "very_satisfied": "100", "satisfied": "80", "basically_satisfied": "60",
        "dissatisfied": "30", "very_dissatisfied": "0",
    },
    "singles": {"handled.done": "100", "handled.undone": "40"},
}  # fmt: skip
"""Field of a component → what is worth how many points."""


def press(button: Locator) -> None:
    """Press what leads to another page by keyboard, and wait until that is there."""
    with button.page.expect_navigation():
        button.press("Enter")


def do(page: Page, what: str) -> None:
    """Press the button of the editor that does this and keeps everything."""
    press(page.locator(f"button[name=do][value='{what}']"))


def unfolded(page: Page, place: str) -> Locator:
    """Return a part of the page with all that was folded in it open."""
    part = page.locator(place)
    for fold in part.locator("details").all():
        if fold.get_attribute("open") is None:
            fold.locator("> summary").click()
    return part


def said(page: Page, field: str, zh: str, en: str) -> None:
    """Type a text in both languages."""
    page.fill(f"#{field}zh", zh)
    page.fill(f"#{field}en", en)


QUESTIONS = (
    ("rating", "overall", "您对办事总体是否满意？", "Were you satisfied on the whole?"),
    ("single", "handled", "您的事办成了吗？", "Was your matter settled?"),
    ("several", "ways", "您用过哪些办事方式？", "Which ways did you use?"),
    ("number", "points", "您打多少分（0到100）？", "Your mark from 0 to 100?"),
    ("text", "why", "哪里需要改进？", "What should be better?"),
)
"""Kind, key and text of each question, in their order."""
CHOICES = {
    "handled": (("done", "办成了", "Settled"), ("undone", "没办成", "Not settled")),
    "ways": (("desk", "窗口", "Counter"), ("phone", "电话", "Phone")),
}
"""Question → key and label of its choices, of those that have choices of their own."""
LABELS = {
    **{("overall", one.key): one.label.zh for one in SETS["satisfied_five"]},
    **{(key, c): zh for key, choices in CHOICES.items() for c, zh, _ in choices},
}
"""Question and choice → what the choice is called."""
UNHAPPY = ("dissatisfied", "very_dissatisfied")
"""Who says so is asked why."""


def write_questionnaire(desk: Official, look: Look) -> int:
    """Write a questionnaire with questions of every kind; return the draft's number."""
    page = desk.see("/rules")
    look(page)
    press(page.locator("form[action$='/rules/new'] button"))
    said(page, "title_", TITLE, "Service hall and cadres")
    said(page, "introduction_", "请按您的感受作答。", "Please answer as you see it.")
    said(page, "comment_", "还想说什么？", "What else would you like to say?")
    do(page, "add section")
    said(page, "sections-0-", "办事情况", "How it went")
    for place, (kind, key, zh, en) in enumerate(QUESTIONS):
        do(page, f"add {kind}")
        said(page, f"questions-{place}-", zh, en)
        card = unfolded(page, f"#questions-{place}")
        card.locator(f"#questions-{place}-key").fill(key)
        card.locator(f"#questions-{place}-section").select_option(index=1)
        if key in CHOICES:
            _offer_choices(page, place, CHOICES[key])
    look(page)
    _ask_only_after(page, 4, "overall", UNHAPPY)
    press(page.locator(".save-bar button"))
    expect(page.locator(".error-summary")).to_have_count(0)
    page.locator("#questions-0 a[href='#set-satisfied_five']").click()
    expect(page.locator("#set-satisfied_five")).to_be_visible()
    look(page)
    return number_of(page)


def _offer_choices(
    page: Page, place: int, choices: tuple[tuple[str, str, str], ...]
) -> None:
    """Give a question choices of its own."""
    do(page, f"own {place}")
    name = page.locator(f"#questions-{place}-choices").input_value()
    rows = page.locator(f"#set-{name} fieldset.choice-row")
    expect(rows.first).to_be_visible()
    blank = (("", "", ""),) * (rows.count() - len(choices))
    for row, (key, zh, en) in zip(rows.all(), (*choices, *blank), strict=True):
        for end, text in (("-key", key), ("-zh", zh), ("-en", en)):
            row.locator(f"input[id$='{end}']").fill(text)


def _ask_only_after(page: Page, place: int, key: str, answers: tuple[str, ...]) -> None:
    """Let a question depend on what was answered to an earlier one."""
    page.locator(f"#questions-{place}-asked_after").select_option(key)
    press(page.locator(".save-bar button"))
    for answer in answers:
        page.locator(f"#questions-{place}-asked_if [value={answer}]").check()


def number_of(page: Page) -> int:
    """Return which text the page shows."""
    found = re.search(r"/rules/(\d+)", page.url)
    assert found
    return int(found[1])


def translate(desk: Official, rule: int, folder: Path, look: Look) -> None:
    """Bring one more language: the workbook down, every cell filled in, and up."""
    page = desk.see(f"/rules/{rule}")
    page.locator("a[href$='/languages']").click()
    look(page)
    with page.expect_download() as found:
        page.locator("a[href$='/languages.xlsx']").click()
    file = folder / found.value.suggested_filename
    found.value.save_as(file)
    filled = _filled(file.read_bytes(), TIBETAN)
    page.set_input_files("#workbook", book(file.name, filled))
    press(page.locator("#page-form button"))
    expect(page.locator("tr", has_text=TONGUES[TIBETAN].name)).to_contain_text("齐全")


def _filled(content: bytes, language: str) -> bytes:
    """Return the workbook with all texts of a language; gaps stay as they are."""
    (sheet, rows), mark = next(iter(rows_of(content).items())), MARKS[language][0]
    heads = [str(head).split(" ")[0] for head in rows[0]]
    english, own = heads.index("en"), heads.index(language)
    for number, row in enumerate(rows[1:], start=1):
        gaps = re.findall(r"%\(\w+\)s", str(row[english]))
        row[own] = " ".join([mark, str(number), *gaps])
    return workbook(**{sheet: rows})


def book(name: str, content: bytes) -> FilePayload:
    """Return a workbook as a browser is given one."""
    return {"name": name, "mimeType": XLSX, "buffer": content}


def make_ready(desk: Official, rule: int) -> str:
    """Freeze a draft and offer it; return the name it goes by."""
    page = desk.see(f"/rules/{rule}")
    press(page.locator("form[action$='/ready'] button"))
    expect(page.locator(".badge.open").first).to_be_visible()
    return page.locator("p.quiet .code").first.inner_text()


def write_scheme(desk: Official, questionnaire: str, look: Look) -> int:
    """Make a scheme from a shipped one: own questions and weights; return it."""
    page = desk.see("/rules?kind=scheme")
    look(page)
    shipped = page.locator("form[action$='/copies']:has([value=one-third])")
    press(shipped.filter(has=page.locator("[name=to][value=copy]")).locator("button"))
    look(page)
    page.locator("a[href$='/part']").click()
    look(page)
    page.fill("#title-zh", "本县领导干部考核")
    page.fill("#title-en", "The county's appraisal")
    press(page.locator("#page-form button"))
    _weigh(page, "50", "30", "20")
    for name, numbers in COMPONENTS.items():
        _let_count(page, name, questionnaire, look)
        _value(page, POINTS | {"numbers": numbers})
    return number_of(page)


def _weigh(page: Page, *weights: str) -> None:
    """Type the weights of the components; they add up before they are kept."""
    fields = page.locator("input.weight[data-post=principal]").all()
    for field, weight in zip(fields, weights, strict=True):
        field.fill(weight)
        if weight != weights[-1]:
            expect(page.locator("output[data-post=principal]")).not_to_have_text("100")
    press(page.locator("form[action$='/weights'] button"))
    expect(page.locator(".sum .badge.open")).to_be_visible()


def _let_count(page: Page, component: str, questionnaire: str, look: Look) -> None:
    """Let a component count the answers to this questionnaire, of every kind."""
    page.locator("table.weights a", has_text=component).click()
    page.locator("#questionnaire").select_option(questionnaire)
    press(page.locator("form#page-form button"))
    if page.locator("table.weights").count():
        page.locator("table.weights a", has_text=component).click()
    look(page)


def _value(page: Page, worth: Mapping[str, Mapping[str, str]]) -> None:
    """Type what every answer is worth, and keep it."""
    for field, points in worth.items():
        for line in page.locator(f".line:has([name^='{field}-'])").all():
            key = line.locator("[name$='-name']").input_value()
            line.locator("[name$='-value']").fill(points.get(key, ""))
    press(page.locator("form#page-form button"))


def try_scheme(desk: Official, rule: int, people: Sequence[Said], look: Look) -> None:
    """Type what so many people said, and read what the scheme makes of it."""
    page = desk.see(f"/rules/{rule}")
    page.locator("a[href$='/trial']").click()
    look(page)
    page.locator(".counts input[id^=given-]").fill("90")
    texts = {key: zh for _, key, zh, _ in QUESTIONS}
    picked = Counter(pick for one in people for pick in one.picks())
    for fold in page.locator(".counts details").all():
        if fold.get_attribute("open") is None:
            fold.locator("> summary").click()
        for (key, choice), often in picked.items():
            label = LABELS.get((key, choice))
            asked = fold.locator("fieldset", has_text=texts[key])
            if label:
                asked.get_by_label(label, exact=True).fill(str(often))
        given = (f"{one.points}×1" for one in people)
        fold.locator("input[id^=numbers-]").fill("，".join(given))
    press(page.locator(".counts button"))
    expect(page.locator("#result dl.figures dd").first).to_be_visible()


def taken_away(desk: Official, rule: int, to: Path) -> None:
    """Keep the file of a version here."""
    page = desk.see(f"/rules/{rule}")
    with page.expect_download() as found:
        page.locator("a[href$='/file']").first.click()
    to.parent.mkdir(parents=True, exist_ok=True)
    found.value.save_as(to)
