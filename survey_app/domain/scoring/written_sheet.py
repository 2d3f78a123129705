"""A score sheet in the words of one language, its numbers in digits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WrittenNode:
    """One number of the sheet as a person reads it; "" where nothing is to say."""

    kind: str
    """A NodeKind."""
    label: str
    value: str
    """Rounded."""
    exact: str
    """Whole, or "a/b"."""
    weight: str
    adds: str
    """What it adds to the number above, rounded."""
    rule: str
    source: str
    published: bool
    parts: tuple["WrittenNode", ...]


@dataclass(frozen=True, slots=True)
class WrittenStep:
    """One part of the overall score as a person reads it."""

    label: str
    value: str
    exact: str
    so_far: str
    """All steps up to this one, added up exactly and then rounded."""
    kind: str
    """A NodeKind."""


@dataclass(frozen=True, slots=True)
class WrittenSheet:
    """A sheet in the words of one language, its numbers in digits."""

    root: WrittenNode
    steps: tuple[WrittenStep, ...]
    blocked: tuple[str, ...]
    """Why there is no overall score; empty when there is one."""
    assumed: bool
    """Whether anything that made the overall score was assumed."""
