"""One text in the two languages people read; the file's author wrote both."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text that exists in simplified Chinese and in English."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the English text for `en`, the Chinese one for anything else."""
        return self.en if language == "en" else self.zh

    def __bool__(self) -> bool:
        """Return whether anything is said at all."""
        return bool(self.zh or self.en)


UNSAID = Bilingual("", "")
"""Stands where nothing is said."""
