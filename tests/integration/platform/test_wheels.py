"""What one hands over: the platform's wheel and a key holder's, far from a checkout."""

import json
import tomllib
from pathlib import Path

from sqlalchemy import Engine

from survey_app.settings import Settings
from tests.conftest import ONE_DATABASE
from tests.support.holder_keys import DEPARTMENT, PASSPHRASES
from tests.support.installed import (
    CHECKOUT,
    Place,
    all_dependencies,
    installed,
    only,
)
from tests.support.verbs_desk import Desk, closed_desk

WHERE = "import survey_app.cli.holder as ours; print(ours.__file__)"


def test_a_wheel_of_the_platform_builds_the_demo_county(tmp_path: Path) -> None:
    place = installed(tmp_path, ".", all_dependencies())
    where = place.run("python", "-c", WHERE)
    helped = place.run("survey", "--help"), place.run("survey-keys", "--help")
    told = place.run("survey", "--language", "zh", "migrate")
    checked = place.run("survey", "score", "yijun-2017", "none.json")
    built = place.run("survey", "demo", "--json")
    again = place.run("survey", "demo", "--json")
    demo = place.folder / ".demo"
    settings = {
        "SURVEY_DATABASE_URL": f"sqlite:///{demo / 'county.sqlite'}",
        "SURVEY_BALLOT_DATABASE_URL": f"sqlite:///{demo / 'county-ballots.sqlite'}",
        "SURVEY_SECRET_KEY": (demo / "secret_key").read_text("utf-8"),
    }

    assert Path(where.stdout.strip()).is_relative_to(place.environment)
    assert "migrate" in helped[0].stdout
    assert "decrypt" in helped[1].stdout
    assert "设置" in told.stderr
    assert checked.stderr.startswith("none.json")
    assert built.returncode == 0, built.stderr
    one, two = (json.loads(said.stdout)["open_survey_url"] for said in (built, again))
    assert one == two, "a county that is there is not built again"
    assert "Sending answers" in built.stderr
    assert again.stderr == ""
    fits = place.run("survey", "check", **settings)
    assert fits.stdout == "Everything fits together.\n", fits.stderr


@ONE_DATABASE
def test_a_key_holder_needs_cryptography_and_nothing_else(
    engine: Engine, ballots: Engine, tmp_path: Path, settings: Settings
) -> None:
    lent = only(tmp_path / "lent", "cryptography", "cffi", "_cffi_backend")
    (tmp_path / "holder").mkdir()
    holder = installed(tmp_path / "holder", "config/survey-keys", lent)
    where = holder.run("python", "-c", WHERE)

    assert Path(where.stdout.strip()).is_relative_to(holder.environment)
    makes_and_shows_a_key(holder)
    decrypts_and_verifies(holder, closed_desk(engine, ballots, tmp_path, settings))


def makes_and_shows_a_key(holder: Place) -> None:
    twice = f"{PASSPHRASES[DEPARTMENT]}\n" * 2
    made = holder.run("survey-keys", "make", "甲", "--to", "stick", typed=twice)
    shown = holder.run("survey-keys", "show", "stick/甲.public.json")
    wrong = holder.run("survey-keys", "--language", "en", "show", "stick/乙.key.json")
    typo = holder.run("survey-keys", "decrypt")

    assert made.returncode == 0, made.stderr
    assert "请妥善保管" in made.stdout
    assert made.stdout.splitlines()[-1] == shown.stdout.splitlines()[-1]
    assert wrong.stderr.startswith("Error: ")
    assert (wrong.returncode, typo.returncode) == (1, 2)
    assert "缺少以下参数" in typo.stderr


def decrypts_and_verifies(holder: Place, desk: Desk) -> None:
    decrypt = ("survey-keys", "decrypt", desk.exported(), *desk.keys, "--to", "papers")
    refused = holder.run(*decrypt, typed="不\n")
    opened = holder.run(*decrypt, typed="是\n")
    papers = holder.folder / "papers"
    taken = desk.taken(papers / "opened.json")
    verified = holder.run(
        "survey-keys", "verify", papers / "head.json", papers / "fragments.jsonl",
        "--tracker", desk.receipt, "--trackers", papers / "trackers.txt",
    )  # fmt: skip
    key, head = desk.folder / "0.key.json", papers / "head.json"
    gone = holder.run("survey-keys", "destroy", key, "--head", head, typed="y\n")

    assert refused.returncode == 1
    assert "抽验票" in refused.stdout
    assert opened.returncode == 0, opened.stderr
    assert taken.exit_code == 0, taken.output
    assert verified.returncode == 0, verified.stderr
    assert verified.stdout.count("一致  ") >= 6
    assert gone.returncode == 0, gone.stderr
    assert not key.exists()


def test_both_wheels_bear_one_version_and_the_licence_as_an_expression() -> None:
    one, other = (
        tomllib.loads((CHECKOUT / place / "pyproject.toml").read_text("utf-8"))
        for place in (".", "config/survey-keys")
    )

    assert one["project"]["version"] == other["project"]["version"]
    assert one["project"]["license"] == other["project"]["license"] == "Apache-2.0"
    (wanted,) = other["project"]["dependencies"]
    assert wanted in one["project"]["dependencies"]


def test_what_a_key_holder_installs_is_pinned_as_for_the_platform() -> None:
    locks = CHECKOUT / "config" / "lock"
    keys = (locks / "keys.txt").read_text("utf-8").splitlines()

    assert any(line.startswith("cryptography==") for line in keys)
    assert set(keys) <= set((locks / "runtime.txt").read_text("utf-8").splitlines())
