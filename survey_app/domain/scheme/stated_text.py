"""Single settings of a scheme as they stand in its file: with status and source."""

from enum import Enum
from fractions import Fraction
from typing import TypeVar

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.stated import Stated
from survey_app.domain.ground.toml_text import Tree
from survey_app.domain.ground.written_value import in_digits
from survey_app.domain.scheme.scheme import Weight

T = TypeVar("T")


def put(tree: Tree, key: str, value: object) -> None:
    """Write a value under its key; nothing where there is nothing to say."""
    if value:
        tree[key] = value


def unless(stated: Stated[T] | None, default: Stated[T] | None) -> Tree | None:
    """Return the setting as it is written; None where it is the default."""
    return None if stated is None or stated == default else stated_tree(stated)


def stated_tree(stated: Stated[T]) -> Tree:
    """Return a setting with its status, and with its source where it has one."""
    word = "published" if stated.published else "assumed"
    tree: Tree = {word: value_tree(stated.value)}
    put(tree, "source", source_tree(stated.source) if stated.source else None)
    return tree


def value_tree(value: object) -> object:
    """Return a value as an author writes it: numbers exact, words as they are."""
    if isinstance(value, Fraction):
        return in_digits(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [value_tree(one) for one in value]
    return value


def both_tree(text: Bilingual) -> Tree:
    """Return a text in its two languages."""
    return {"zh": text.zh, "en": text.en}


def source_tree(source: Bilingual) -> object:
    """Return where something is from; one text where it serves both languages."""
    return source.zh if source.zh == source.en else both_tree(source)


def weight_tree(weight: Weight) -> Tree:
    """Return a weight, once where it is the same for both kinds of post."""
    if weight.principal == weight.deputy:
        return stated_tree(weight.principal)
    return {
        "principal": stated_tree(weight.principal),
        "deputy": stated_tree(weight.deputy),
    }
