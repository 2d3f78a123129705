"""Verbs that are loaded when they are called: asking for help waits for no database."""

from collections.abc import Mapping
from importlib import import_module

import click


class LazyGroup(click.Group):
    """A group that knows of some verbs only where they live and what they are for."""

    lazy: Mapping[str, tuple[str, str]] = {}
    """Name → (module:attribute, first line of its help)."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all verbs."""
        return sorted({*super().list_commands(ctx), *self.lazy})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return the verb of this name, loading it where it is not loaded yet."""
        if name not in self.lazy:
            return super().get_command(ctx, name)
        module, _, attribute = self.lazy[name][0].partition(":")
        verb: click.Command = getattr(import_module(module), attribute)
        return verb

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write the list of verbs without loading any."""
        rows = []
        for name in self.list_commands(ctx):
            if name in self.lazy:
                rows.append((name, self.lazy[name][1]))
            elif verb := super().get_command(ctx, name):
                rows.append((name, verb.get_short_help_str(formatter.width)))
        with formatter.section("Commands"):
            formatter.write_dl(rows)
