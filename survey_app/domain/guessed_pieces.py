"""What guessers try first: words, pinyin and rows of keys, most of them of our making.

Short enough to be read; weak_secret.py puts the pieces together as guessers do.
"""

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
