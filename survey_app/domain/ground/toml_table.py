"""A table somebody wrote by hand: every fault is noted, none stops the reading.

Whoever reads a file asks the table for what it needs. A missing or wrong entry is
noted and a stand-in handed out; a key nobody asked for is noted at the end. So an
author hears about all faults at once.
"""

import re
import tomllib
from difflib import get_close_matches
from enum import StrEnum
from typing import Self, TypeVar

from survey_app.domain.ground.bilingual import UNSAID, Bilingual
from survey_app.domain.ground.file_faults import FaultList, nearest
from survey_app.domain.ground.stated import Stated, assumed
from survey_app.domain.ground.written_value import Misread, ValueKind, one_of, shown

T = TypeVar("T")
Word = TypeVar("Word", bound=StrEnum)

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
FILE_KEY = re.compile(r"[a-z][a-z0-9-]{0,59}")
ENDLESS_KEY = re.compile(r"""^[ \t\[]*(?:[\w"'-]+[ \t]*\.[ \t]*){20}""", re.MULTILINE)
"""tomllib takes gigabytes for a key of some thousand parts."""
NO_STATUS = (
    "write { published = … } when a source states it, { assumed = … } when you chose it"
)


class CheckedTable:
    """One table of a file, with the place it stands at."""

    def __init__(self, content: object, where: str, faults: FaultList) -> None:
        self.where = where
        self.faults = faults
        self.asked: dict[str, None] = {}
        self.missed: dict[str, str] = {}
        self.inner: list[CheckedTable] = []
        self.content: dict[str, object] = {}
        if isinstance(content, dict):
            self.content = content
        else:
            faults.note(where, f"{shown(content)} is not a table", "write a table")

    @classmethod
    def of_text(cls, text: str, faults: FaultList) -> Self | None:
        """Return the whole file as a table; None, noted, if it is not TOML."""
        if deep := ENDLESS_KEY.search(text):
            number = text.count("\n", 0, deep.start()) + 1
            faults.note(f"line {number}", "a key without end", "use a short key")
            return None
        try:
            return cls(tomllib.loads(text.removeprefix("\ufeff")), "", faults)
        # Besides its own errors, tomllib lets through what Python says of endless
        # numbers (ValueError) and endless brackets.
        except (ValueError, RecursionError) as error:
            wrong, _, place = str(error).rstrip(")").partition(" (at ")
            line = place.partition(",")[0] or "the file"
            faults.note(line, f"not TOML: {wrong}", "mend this place first")
            return None

    def at(self, key: str) -> str:
        """Return the dotted path of one of the table's keys."""
        return f"{self.where}.{key}" if self.where else key

    def note(self, key: str, wrong: str, instead: str) -> None:
        """Note a fault at one of the table's keys."""
        self.faults.note(self.at(key), wrong, instead)

    def get(self, key: str) -> object | None:
        """Return what stands there, or None; from now on the key is a known one."""
        self.asked[key] = None
        return self.content.get(key)

    def need(self, key: str, example: str) -> object | None:
        """Return what stands there; None, noted, where nothing does.

        A misspelt key is noted once, at the end, and not as missing as well.
        """
        found = self.get(key)
        if found is None:
            unasked = [name for name in self.content if name not in self.asked]
            near = next(iter(get_close_matches(key, unasked, 1)), None)
            if near is not None and near not in self.missed:
                self.missed[near] = key
                self.faults.doubt(self.at(key))
                return None
            self.note(key, "is missing", f"write {key} = {example}")
        return found

    def text(self, key: str, *, default: str | None = None) -> str:
        """Return a text with at least one visible character."""
        found = self.need(key, '"…"') if default is None else self.get(key)
        if found is None:
            return default or ""
        if not isinstance(found, str) or not found.strip():
            self.note(key, f"{shown(found)} is not a text", f'write {key} = "…"')
            return ""
        return found.strip()

    def name(self, key: str, shape: re.Pattern[str] = KEY) -> str:
        """Return a key word: small letters, digits, and _ (- for whole files)."""
        word = self.text(key)
        if word and not shape.fullmatch(word):
            mark = "-" if shape is FILE_KEY else "_"
            self.note(key, f"{shown(word)} is no key", f"use a-z, 0-9 and {mark} only")
        return word

    def names(self, key: str) -> tuple[str, ...]:
        """Return a list of different key words, sorted: their order means nothing."""
        found = self.need(key, '["…", "…"]')
        if found is None:
            return ()
        if not isinstance(found, list) or not all(isinstance(n, str) for n in found):
            self.note(key, "is not a list of key words", f'write {key} = ["…", "…"]')
            return ()
        if not found or len(set(found)) < len(found):
            self.note(key, "is empty or repeats itself", "name each one once")
        return tuple(sorted(set(found)))

    def words(self, key: str, *, optional: bool = False) -> Bilingual:
        """Return a text in both languages."""
        example = '{ zh = "…", en = "…" }'
        found = self.get(key) if optional else self.need(key, example)
        if found is None:
            return UNSAID
        if not isinstance(found, dict):
            self.note(key, "is not in two languages", f"write {key} = {example}")
            return UNSAID
        both = self.table_of(found, key)
        return Bilingual(zh=both.text("zh"), en=both.text("en"))

    def source(self, *, default: Bilingual | None = None) -> Bilingual:
        """Return where this is from: in both languages, or a text that serves both."""
        written = self.content.get("source")
        if written is None and default is not None:
            self.get("source")
            return default
        if not isinstance(written, str):
            return self.words("source")
        text = self.text("source")
        return Bilingual(text, text)

    def plain(self, key: str, kind: ValueKind[T], *, default: T | None = None) -> T:
        """Return a value that carries no status, such as a kind or a version."""
        found = self.get(key) if default is not None else self.need(key, kind.example)
        if found is None:
            return kind.stand_in if default is None else default
        return self.read(found, self.at(key), kind)

    def word(self, key: str, words: type[Word], *, default: Word | None = None) -> Word:
        """Return one of the fixed words."""
        return self.plain(key, one_of(words), default=default)

    def flag(self, key: str) -> bool:
        """Return true or false; false where nothing is written."""
        found = self.get(key)
        if found is None or isinstance(found, bool):
            return bool(found)
        self.note(key, f"{shown(found)} is neither true nor false", "write true")
        return False

    def stated(
        self, key: str, kind: ValueKind[T], *, default: T | None = None
    ) -> Stated[T]:
        """Return a value with its status; a default is always an assumed one."""
        if default is not None and self.get(key) is None:
            return assumed(default)
        found = self.need(key, f"{{ published = {kind.example} }}")
        if found is None:
            return assumed(kind.stand_in)
        if not isinstance(found, dict):
            self.note(key, f"{shown(found)} does not say where it is from", NO_STATUS)
            return assumed(kind.stand_in)
        return self.table_of(found, key).status(kind)

    def perhaps(self, key: str, kind: ValueKind[T]) -> Stated[T] | None:
        """Return a value with its status, or None where nothing is written."""
        return None if self.get(key) is None else self.stated(key, kind)

    def status(self, kind: ValueKind[T]) -> Stated[T]:
        """Return this table as a value with its status."""
        published, guessed = self.get("published"), self.get("assumed")
        source = self.source(default=UNSAID)
        if (published is None) == (guessed is None):
            both = "has both statuses" if published is not None else "has no status"
            self.faults.note(self.where, both, NO_STATUS)
            return assumed(kind.stand_in)
        written = guessed if published is None else published
        value = self.read(written, self.where, kind)
        return Stated(value, published is not None, source)

    def read(self, written: object, where: str, kind: ValueKind[T]) -> T:
        """Return the value, or its stand-in after noting why it cannot be read."""
        try:
            return kind.read(written)
        except Misread as misread:
            self.faults.note(where, misread.wrong, misread.instead)
            return kind.stand_in

    def forbid(self, key: str, because: str) -> None:
        """Note a key that means nothing here, if it is written."""
        if self.get(key) is not None:
            self.note(key, because, "remove it")

    def table_of(self, content: object, key: str) -> "CheckedTable":
        """Return what stands at a key as a table of its own."""
        inner = CheckedTable(content, self.at(key), self.faults)
        self.inner.append(inner)
        return inner

    def table(self, key: str) -> "CheckedTable":
        """Return the table at a key; an empty one where nothing is written."""
        found = self.get(key)
        return self.table_of({} if found is None else found, key)

    def tables(self, key: str) -> list["CheckedTable"]:
        """Return the list of tables at a key; empty where nothing is written."""
        found = self.get(key)
        if found is None:
            return []
        if not isinstance(found, list):
            self.note(key, "is not a list of tables", f"begin each with [[{key}]]")
            return []
        return [self.table_of(one, f"{key}[{n}]") for n, one in enumerate(found)]

    def finish(self) -> None:
        """Note every key nobody asked for, here and in the tables inside."""
        for key in self.content:
            if key not in self.asked:
                self.refuse_unknown(key)
        for near, key in self.missed.items():
            if near in self.asked:
                self.note(key, "is missing", f"write {key} = …")
        for inner in self.inner:
            inner.finish()

    def refuse_unknown(self, key: str) -> None:
        """Note one unknown key, with the known one that looks most like it."""
        meant = [self.missed[key]] if key in self.missed else list(self.asked)
        self.note(key, "unknown key", nearest(key, meant))
