"""Merged rater groups: what they are called, what is refused, and a trial by hand."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from survey_app.domain.counting.merged_groups import with_merged_groups
from survey_app.domain.ground.bilingual import UNSAID, Bilingual
from survey_app.domain.ground.file_faults import ScoreInputRefused
from survey_app.domain.ground.stated import Stated
from survey_app.domain.ground.wording import say
from survey_app.domain.scheme.scheme import Design, RaterGroup, Scheme, Weight
from survey_app.domain.trial.score_json import read_score_input, score_output
from tests.support.schemes import component, group, one_third, scheme, survey

SUPERIORS = Bilingual("上级（A票）", "superiors")
PEERS = Bilingual("同级（B票）", "peers")
STAFF = Bilingual("下级（C票）", "staff")
RULES = Bilingual("办法第三条", "article 3")
NOTE = Bilingual("县里说明", "the county's note")
KEYS = ("superiors", "peers", "staff")


def weighed(value: int, source: Bilingual, *, published: bool = True) -> Weight:
    stated = Stated(Fraction(value), published=published, source=source)
    return Weight(stated, stated)


def three_groups() -> Scheme:
    groups = (
        RaterGroup("superiors", SUPERIORS, weighed(50, RULES), Design.ROSTER),
        RaterGroup("peers", PEERS, weighed(30, NOTE, published=False), Design.SAMPLE),
        RaterGroup("staff", STAFF, weighed(20, RULES), Design.ROSTER),
    )
    made = component("ballot", 40, survey=survey(*groups, questions={"overall": 1}))
    alerts = (
        one_third(*KEYS, component="ballot"),
        replace(one_third("superiors", component="other"), key="elsewhere"),
        replace(one_third("staff", component="ballot"), key="staff"),
    )
    other = component("other", 60, survey=survey(group("superiors")))
    return scheme(made, other, alerts=alerts)


def groups_of(merged: dict[str, str]) -> tuple[RaterGroup, ...]:
    rules = with_merged_groups(three_groups(), "ballot", merged)
    found = rules.component("ballot").survey
    assert found is not None
    return found.rater_groups


def test_a_merged_group_is_called_after_its_parts() -> None:
    two = groups_of({"superiors": "peers"})[0]
    three = groups_of({"superiors": "staff", "peers": "staff"})[0]

    assert two.label == Bilingual("上级（A票）与同级（B票）", "superiors and peers")
    assert three.label.zh == "上级（A票）、同级（B票）与下级（C票）"
    assert three.label.en == "superiors, peers and staff"


def test_a_sum_of_weights_is_as_published_as_its_parts() -> None:
    mixed = groups_of({"superiors": "peers"})[0].weight.principal
    clean = groups_of({"superiors": "staff"})[1].weight.deputy

    assert mixed.value == 80
    assert not mixed.published
    assert mixed.source == Bilingual(
        "办法第三条；县里说明", "article 3; the county's note"
    )
    assert clean == Stated(Fraction(70), published=True, source=RULES)


def test_where_no_source_is_named_none_is_made_up() -> None:
    made = scheme(component("s", survey=survey(group("a"), group("b"))))
    rules = with_merged_groups(made, "s", {"a": "b"}).component("s").survey

    assert rules is not None
    assert rules.rater_groups[0].weight.principal.source == UNSAID


def test_a_named_source_speaks_for_a_silent_part() -> None:
    silent = RaterGroup("a", PEERS, weighed(1, UNSAID))
    made = scheme(
        component("s", survey=survey(silent, RaterGroup("b", STAFF, weighed(2, NOTE))))
    )
    rules = with_merged_groups(made, "s", {"a": "b"}).component("s").survey

    assert rules is not None
    assert rules.rater_groups[0].weight.deputy.source == NOTE


def test_without_a_merger_nothing_is_looked_up() -> None:
    assert with_merged_groups(three_groups(), "nothing", {}) == three_groups()


def test_alerts_of_other_components_stay() -> None:
    alerts = with_merged_groups(three_groups(), "ballot", {"superiors": "peers"}).alerts

    assert [rule.rater_groups for rule in alerts] == [
        ("peers", "staff"), ("superiors",), ("staff",),
    ]  # fmt: skip


@pytest.mark.parametrize("merged", [
    {"superiors": "nobody"}, {"nobody": "peers"}, {"peers": "peers"},
    {"superiors": "peers", "peers": "superiors"},
    {"superiors": "peers", "peers": "staff"},
])  # fmt: skip
def test_a_merger_that_cannot_be_is_refused(merged: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="group"):
        with_merged_groups(three_groups(), "ballot", merged)


def test_only_a_survey_has_groups_to_merge() -> None:
    for key in ("given", "nothing"):
        made = scheme(component("given"))
        with pytest.raises(ValueError, match="no rater groups"):
            with_merged_groups(made, key, {"a": "b"})


def trial(merged: object, **tally: dict[str, dict[str, int]]) -> str:
    counts = {"overall": {"satisfied": 3, "dissatisfied": 1}}
    return json.dumps(
        {
            "tallies": {"ballot": tally, "other": {"superiors": counts}},
            "merged": merged,
        }
    )


def test_a_trial_counts_merged_groups_as_one() -> None:
    text = trial(
        {"ballot": {"superiors": "peers"}},
        peers={"overall": {"satisfied": 1, "dissatisfied": 1}},
        staff={"overall": {"satisfied": 10}},
    )
    evidence = read_score_input(text, file="trial.json", scheme=three_groups())
    output = score_output(
        three_groups(), evidence, say=lambda one: say(one, str, "en"), language="en"
    )

    # (50 + 30) · 50 + 20 · 100 of 100, at weight 40; 75 at weight 60.
    assert output["overall"]["exact"] == "69/1"
    assert [node["key"] for node in output["sheet"]["children"][0]["children"]] == [
        "peers", "staff",
    ]  # fmt: skip
    assert [alert["group"] for alert in output["alerts"]] == [
        "peers", "staff", "superiors", "staff",
    ]  # fmt: skip


@pytest.mark.parametrize(("merged", "fault"), [
    ([], "merged: [] is not an object"),
    ({"ballot": 7}, "merged.ballot: 7 is not an object"),
    ({"ballot": {"superiors": 7}}, "merged.ballot.superiors: 7 is no text"),
    ({"balot": {}}, 'merged.balot: there is no component "balot"; did you mean'),
    ({"ballot": {"superior": "peers"}}, 'merged.ballot.superior: there is no rater'),
    ({"ballot": {"superiors": "peer"}}, 'merged.ballot.superiors: there is no rater'),
    ({"ballot": {"superiors": "superiors"}}, '"superiors" is merged itself'),
    ({"ballot": {"superiors": "peers", "peers": "staff"}}, '"peers" is merged itself'),
    ({"ballot": {"staff": "peers"}}, 'tallies.ballot.staff: is counted in "peers"'),
])  # fmt: skip
def test_a_trial_names_what_is_wrong_with_a_merger(merged: object, fault: str) -> None:
    text = trial(merged, staff={"overall": {"satisfied": 10}})

    with pytest.raises(ScoreInputRefused) as refused:
        read_score_input(text, file="trial.json", scheme=three_groups())
    assert fault in str(refused.value)


def test_what_is_no_survey_has_no_groups_in_a_trial_either() -> None:
    with pytest.raises(ScoreInputRefused, match=r"merged\.given: is not a survey"):
        read_score_input(
            '{"tallies": {}, "merged": {"given": {"a": "b"}}}',
            file="trial.json",
            scheme=scheme(component("given")),
        )
