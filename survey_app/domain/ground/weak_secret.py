"""Which passwords and passphrases are guessed first, and why.

In the spirit of NIST SP 800-63B: a length, no rules about kinds of characters, and a
look at what guessers try. What they try is not a list of whole passwords but pieces
they put together: common words, rows of keys, years, the name on the account. So every
such piece counts as two characters however long it is, and what is left must be enough.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import Enum

_FORWARD = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,./",
    "`1234567890-=",
    "!@#$%^&*()_+",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    # columns of the keyboard and of the keys for numbers
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1qazxsw23edcvfr45tgbnhy67ujm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "0okm9ijn8uhb7ygv6tfc5rdx4esz3wa2qa1",
    "okmijnuhbygvtfcrdxeszwaq",
    "qweasdzxcrtyfghvbnuiojklm",
    "q1w2e3r4t5y6u7i8o9p0",
    "1q2w3e4r5t6y7u8i9o0p",
    "a1b2c3d4e5f6g7h8",
    "a1s2d3f4g5h6j7k8l9",
    "147258369",
    "789456123",
    "741852963",
    "159357",
    "一二三四五六七八九十",
    "甲乙丙丁戊己庚辛壬癸",
    "子丑寅卯辰巳午未申酉戌亥",
)
ROWS = (*_FORWARD, *(row[::-1] for row in _FORWARD))
"""Rows of keys, letters and digits, read from either end."""

_ENGLISH = """
    password passw0rd passwd passphrase pass word letmein welcome login logon signin
    admin administrator root user guest test testing demo default changeme change secret
    private master manager monkey dragon shadow sunshine princess football baseball
    superman batman iloveyou love hello abc account computer internet server system
    office staff leader government county city town public service survey vote ballot
    ticket appraisal evaluation assessment organizer reader summer winter spring autumn
    january february march april june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday qwerty asdf zxcv
    correcthorsebatterystaple google apple microsoft windows huawei wechat
"""
_PINYIN = """
    woaini woaizhongguo aini wo ai ni nihao zhongguo zhonghua china beijing shanghai
    guangzhou shenzhen tianjin chongqing qinghai xining geermu golmud haidong haibei
    hainan huangnan guoluo yushu haixi shaanxi xian yanan yijun tongchuan gansu lanzhou
    sichuan mima kouling denglu guanli guanliyuan yonghu ceshi kaohe ceping pingjia
    pingyi toupiao xuanju wenjuan diaocha minzhu minyi manyi manyidu ganbu lingdao
    shuji xianzhang xianwei shiwei zhengfu zuzhi zuzhibu zzb jiwei jijian renshi
    bangongshi gongwuyuan renmin fuwu dangyuan gongchandang xian shi zhen xiang cun
    zhangsan lisi wangwu laopo laogong baobao baobei mama baba
    wang zhang zhao chen yang huang zhou ming hong
    qq weixin taobao alipay baidu
"""
_CHINESE = """
    密码 口令 登录 管理员 管理 用户 测试 考核 考核办 测评 评价 评议 投票 选举
    问卷 调查 民主 民意
    满意 满意度 干部 领导 书记 县长 县委 市委 省委 政府 组织 组织部
    纪委 纪检 人事 办公室 公务员
    为人民服务 人民 服务 党员 中国 共产党 我爱你 你好
    北京 上海 青海 西宁 格尔木 陕西 宜君 张三 李四 王五
    年度
"""
_NUMBERS = """
    1314 5201314 1314520 7758521 7758258 10086 10010
"""
WORDS = frozenset(f"{_ENGLISH}{_PINYIN}{_CHINESE}{_NUMBERS}".split())
"""Common words and numbers, as they are typed without spaces."""

SHORTEST = 12
"""Characters."""
PIECE = 2
"""What a guessable piece counts for, however long it is."""
ENOUGH = 10
"""What must be left of it, in characters that nobody guesses."""

_LOOKS_LIKE = str.maketrans("@4301!5$78", "aaeoiisstb")
_YEARS = re.compile(
    r"(?:19|20)\d\d(?:(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?)?"
    r"|(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:19|20)\d\d"
)
_TELEPHONE = re.compile(r"1[3-9]\d{9}")
_AGAIN = re.compile(r"(.{1,8}?)\1+", re.DOTALL)

_FORMS = (_YEARS, _TELEPHONE, _AGAIN)
"""A year or a date, a mobile number, the same again and again."""


class Weakness(Enum):
    """Why a secret is refused."""

    SHORT = "short"
    """Fewer than 12 characters."""
    GUESSED = "guessed"
    """Little more than what is tried first."""


def composed(secret: str) -> str:
    """Return the one spelling of what looks the same: NFKC (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", secret)


def weakness_of(secret: str, *, names: Iterable[str] = ()) -> Weakness | None:
    """Return why the secret is too weak, None for a good one.

    `names` are words that whoever guesses knows: of the account, of the place.
    """
    written = composed(secret)
    if len(written) < SHORTEST:
        return Weakness.SHORT
    return Weakness.GUESSED if _surprise(written, names) < ENOUGH else None


def _surprise(written: str, names: Iterable[str]) -> int:
    """Return the least number of characters that tells the secret to a guesser."""
    text, words = written.casefold(), _words_of(names) | WORDS
    bare = "".join(filter(str.isalnum, text))
    between = set(text) - set(bare)
    single = re.sub(r"(.)\1+", r"\1", bare)
    return min(
        _told(text, words),
        # The same with something between the letters, or every letter twice.
        min(_told(bare, words), _told(single, words) + 1) + max(0, len(between) - 1),
    )


def _told(text: str, words: frozenset[str]) -> int:
    """Return in how many characters the text is told, a piece counting for two."""
    least = list(range(len(text) + 1))
    pieces: dict[int, set[int]] = {}
    for start, end in _pieces(text, words):
        pieces.setdefault(start, set()).add(end)
    for start in range(len(text)):
        least[start + 1] = min(least[start + 1], least[start] + 1)
        for end in pieces.get(start, ()):
            least[end] = min(least[end], least[start] + PIECE)
    return least[-1]


def _words_of(names: Iterable[str]) -> frozenset[str]:
    """Return the names, their parts, and the first letters, as they are guessed."""
    parts = [
        part
        for name in names
        for part in (name, *re.split(r"[\W_]+", name), re.sub(r"[\W_]+", "", name))
    ]
    words = (composed(part).casefold().strip() for part in parts)
    return frozenset(word for word in words if len(word) > 1)


def _pieces(text: str, words: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield where a guessable piece begins and ends; each part of one is one too."""
    plain = text.translate(_LOOKS_LIKE)
    longest = max(map(len, words), default=0)
    for start in range(len(text)):
        for end in range(start + 2, min(len(text), start + longest) + 1):
            said = (text[start:end], plain[start:end])
            if not words.isdisjoint((*said, said[0][::-1])):
                yield start, end
        yield from ((start, end) for end in _runs(text, start))
    for found in (one for form in _FORMS for one in form.finditer(text)):
        yield found.span()


def _runs(text: str, start: int) -> Iterator[int]:
    """Yield the ends of a run of keys or letters that begins here, both directions."""
    for row in ROWS:
        end = start + 3
        while end <= len(text) and text[start:end] in row:
            yield end
            end += 1
