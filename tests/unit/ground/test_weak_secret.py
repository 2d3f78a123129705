"""Passwords that are guessed first are refused, and no others."""

import secrets
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.accounts.passwords import generated
from survey_app.ballot.sealing.signatures import refuse_weak
from survey_app.domain.ground.refusals import WeakPassphrase
from survey_app.domain.ground.weak_secret import Weakness, weakness_of

NAMES = ("wang.jianguo", "示范县")

GUESSED = """
aaaaaaaaaaaa 123456789012 wang.jianguowang.jianguo JianGuoJianGuo Wang.Jianguo.2026
password1234 P@ssw0rd2026! passwordpassword drowssapdrowssap 1qaz2wsx3edc !QAZ2wsx#EDC
qwertyuiop12 Qwertyuiop123 asdfjkl;1234 123qweasdzxc 1q2w3e4r5t6y okmijnuhbygv
a1b2c3d4e5f6 112233445566 abcabcabcabc abcd1234efgh 20260501xining xining2026kaohe
kaohe@2026.survey woaini1314520 zhongguo2026! 13897123456a 1985-03-12wang
ceshi123456789 admin@123456 iloveyou1234 p.a.s.s.w.o.r.d correcthorsebatterystaple
ｐａｓｓｗｏｒｄ１２３４ 密码密码密码密码密码密码 一二三四五六七八九十一二
示范县考核办公室2026年 为人民服务为人民服务为人 surveysurveysurvey
"""

GOOD = (
    "four plain words here",
    "river stone cloud lamp",
    "another long passphrase",
    "青山绿水就是好地方呀我说",
    "xkcq-wmzp-tgrb",
    "839201746352",
    "#;]{!%~^?@&*",
    "Tr0ub4dor&3xy",
    "mai le san jin pingguo",
)


@pytest.mark.parametrize("secret", [*GUESSED.split(), "1 2 3 4 5 6 7 8", " " * 12])
def test_what_is_guessed_first_is_refused(secret: str) -> None:
    assert weakness_of(secret, names=NAMES) is Weakness.GUESSED


@pytest.mark.parametrize("secret", GOOD)
def test_what_nobody_guesses_is_taken_without_rules_of_composition(secret: str) -> None:
    assert weakness_of(secret, names=NAMES) is None


def test_eleven_characters_are_too_short_however_they_are_written() -> None:
    assert weakness_of("xkcqwmzptgr") is Weakness.SHORT
    assert weakness_of("xkcqwmzptgrb") is None
    # Twelve code points that are eleven once they are composed.
    assert weakness_of("xkcqwmzptge\u0301") is Weakness.SHORT


def test_invisible_characters_lengthen_nothing() -> None:
    assert weakness_of("a\u200b" * 12) is Weakness.GUESSED


def test_our_own_random_passwords_are_never_refused() -> None:
    for _ in range(300):
        assert weakness_of(generated(), names=NAMES) is None


@given(st.text(string.ascii_letters + string.digits, min_size=1, max_size=8))
def test_a_name_and_what_is_made_of_it_is_refused(name: str) -> None:
    for made in (name * 12, f"{name}{name[::-1]}{name}1234567890"):
        assert weakness_of(made, names=(name,))


def test_a_password_of_two_hundred_characters_is_looked_at_as_a_whole() -> None:
    long = "".join(secrets.choice(string.ascii_letters) for _ in range(190))

    assert weakness_of("password" + long) is None
    assert weakness_of("password" * 25) is Weakness.GUESSED


@pytest.mark.parametrize("secret", ["zuzhibu-zuzhibu", "demo-zuzhibu-2026"])
def test_a_key_is_not_made_with_a_guessed_passphrase(secret: str) -> None:
    with pytest.raises(WeakPassphrase):
        refuse_weak(secret, names=("组织部",))


def test_the_holder_s_name_is_no_passphrase() -> None:
    with pytest.raises(WeakPassphrase):
        refuse_weak("Chen Guangming Chen Guangming", names=("Chen Guangming",))
