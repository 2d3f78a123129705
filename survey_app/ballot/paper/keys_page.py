"""The page of key holders and auditors: one file, the same bytes for everybody.

Put together at start from the parts that lie in `static/survey_keys`, with nothing
built and nothing loaded: who has saved it has all of it. Its SHA-256 stands in the
manifest, so that whoever saved the page can tell that everybody got this one.
"""

import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path

from survey_app.domain.ground.weak_secret import ROWS, WORDS

FOLDER = Path(__file__).resolve().parents[2] / "static" / "survey_keys"
VENDORED = (
    "noble-hashes/utils.js",
    "noble-hashes/_u64.js",
    "noble-hashes/_md.js",
    "noble-hashes/sha2.js",
    "noble-hashes/hmac.js",
    "noble-hashes/pbkdf2.js",
    "noble-hashes/scrypt.js",
    "noble-ed25519/index.js",
)
"""The libraries' files; each after those that it imports."""
CORE = (
    "bytes.js", "signing.js", "weak_secret.js", "key_file.js", "export.js",
    "lines.js", "ballot.js", "counting.js", "opening.js", "ticket.js",
)  # fmt: skip
"""Ours, which runs beside the page; each after those it needs at once."""
POLICY = (
    "default-src 'none'; script-src {core} {page}; style-src {style}; "
    "worker-src blob:; img-src data:; form-action 'none'; base-uri 'none'"
)
"""What the page may do: run itself. It reaches no network, wherever it was opened."""

_IMPORT = re.compile(
    r'^import (?:\{((?:\s*\w+,)*\s*(?:\w+\s*)?)\}|\* as (\w+)) from "\./(\w+)\.js";$',
    re.MULTILINE,
)
_DECLARED = re.compile(
    r"^export ((?:async )?function\*?|const|let|class) (\w+)", re.MULTILINE
)
_LISTED = re.compile(r"^export \{([^}]*)\};$", re.MULTILINE)


@cache
def keys_page() -> bytes:
    """Return the page, in both languages."""
    return _page().encode()


@cache
def keys_page_print() -> str:
    """Return the SHA-256 of the page, in hex."""
    return hashlib.sha256(keys_page()).hexdigest()


@cache
def keys_page_policy() -> str:
    """Return its Content-Security-Policy: the one that stands in the page."""
    return POLICY.format(
        core=_source(_core()), page=_source(_script()), style=_source(_text("page.css"))
    )


def plain_module(name: str, text: str) -> str:
    """Return an ECMAScript module as a part of a plain script.

    `vendored.NAME` holds what it exports. ValueError for a form of import or export
    that no vendored file has: the page must not be served half.
    """
    names: list[str] = []

    def imported(found: re.Match[str]) -> str:
        some, whole, module = found.groups()
        if whole:
            return f"const {whole} = vendored.{module};"
        return f"const {{ {some.strip().rstrip(',')} }} = vendored.{module};"

    def declared(found: re.Match[str]) -> str:
        names.append(found[2])
        return f"{found[1]} {found[2]}"

    def listed(found: re.Match[str]) -> str:
        names.extend(one.strip() for one in found[1].split(",") if one.strip())
        return ""

    plain = _IMPORT.sub(imported, text)
    plain = _LISTED.sub(listed, _DECLARED.sub(declared, plain))
    if re.search(r"^(?:import|export)\b", _without_comments(plain), re.MULTILINE):
        raise ValueError(f"{name} imports or exports in a way nobody reads here")
    exported = ", ".join(names)
    return f"vendored.{name} = (() => {{\n{plain}\nreturn {{ {exported} }};\n}})();\n"


def _without_comments(script: str) -> str:
    return re.sub(r"/\*.*?\*/", "", script, flags=re.DOTALL)


def _text(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


@cache
def _core() -> str:
    """Return what runs beside the page: the libraries, then ours."""
    licences = [_text(f"vendored/{one}/LICENSE") for one in _packages()]
    modules = [
        plain_module(_module(file), _text(f"vendored/{file}")) for file in VENDORED
    ]
    guessed = json.dumps({"rows": ROWS, "words": sorted(WORDS)}, ensure_ascii=False)
    parts = [
        '"use strict";\n',
        *(f"/*\n{licence}*/\n" for licence in licences),
        "const vendored = {};\n",
        *modules,
        f"const GUESSED = {guessed};\n",
        *map(_text, CORE),
    ]
    return _enclosed("".join(parts))


def _packages() -> list[str]:
    return list(dict.fromkeys(file.partition("/")[0] for file in VENDORED))


def _module(file: str) -> str:
    """Return what a vendored file is called in the page."""
    folder, _, name = file.removesuffix(".js").partition("/")
    return folder.removeprefix("noble-") if name == "index" else name


def _script() -> str:
    """Return what runs in the page itself, with its words."""
    words = json.dumps(_words(), ensure_ascii=False)
    script = f'"use strict";\nconst WORDS = {words};\n{_text("page.js")}'
    return _enclosed(script)


@cache
def _words() -> dict[str, tuple[str, str]]:
    """Return key → the Chinese and the English text."""
    read = json.loads(_text("words.json"))
    return {key: (zh, en) for key, (zh, en) in read.items()}


def _page() -> str:
    """Return the text of the page."""
    parts = {
        "policy": keys_page_policy(),
        "style": _text("page.css"),
        "core": _core(),
        "beside": _enclosed(_text("worker.js")),
        "page": _script(),
        "nav": " / ".join(_words()["title"]),
    }
    written = re.sub(r"\[\[(\w+)\]\]", lambda m: _both(m[1]), _text("page.html"))
    return re.sub(r"\[(\w+)\]", lambda m: parts[m[1]], written)


def _both(key: str) -> str:
    """Return a text in both languages; the page shows one."""
    zh, en = _words()[key]
    return f'<span lang="zh-CN">{_html(zh)}</span><span lang="en">{_html(en)}</span>'


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _enclosed(script: str) -> str:
    """Return the script; ValueError where it would end the element it stands in."""
    if re.search(r"</script|<!--", script, re.IGNORECASE):
        raise ValueError("a script that ends itself")
    return script


def _source(text: str) -> str:
    """Return how a policy names an element with this text."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
