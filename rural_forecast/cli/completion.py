"""Suggestions for a shell, by Typer, which has the scripts of bash, zsh, fish and PowerShell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from typer._click.shell_completion import CompletionItem
from typer.core import TyperCommand
from typer.main import get_install_completion_arguments

from rural_forecast.cli import tree
from rural_forecast.errors import UsageError


class _Program(TyperCommand):
    """The program as Typer sees it: all words are arguments, whose suggestions are ours."""

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Suggest names of commands, of options, or values, loading no command but the one that is typed."""
        try:
            path, *before = tree.found(ctx.args)
        except UsageError:
            return []
        if path in tree.ABOUT:
            names = {name: does for name, (_, does) in tree.members(path).items()}
            names |= {name: one.meaning for one in tree.ROOT for name in one.names if incomplete.startswith("-")}
            return [CompletionItem(name, help=does) for name, does in names.items() if name.startswith(incomplete)]
        options = tree.load(path).options.values()
        named = {name: one for one in options if not one.is_argument for name in one.names}
        option = named.get(before[-1]) if before else None
        if option is None or option.is_flag:
            if incomplete.startswith("-"):
                found = {name: one.meaning for name, one in named.items() if name.startswith(incomplete)}
                return [CompletionItem(name, help=meaning) for name, meaning in found.items()]
            option = next((one for one in options if one.is_argument), None)
        if option is None or option.kind is Path:
            return [CompletionItem(incomplete, type="file")] if option else []
        known = option.complete(incomplete) if option.complete else option.choices
        typed = incomplete.lower() if option.choices else incomplete
        return [CompletionItem(name) for name in known if name.startswith(typed)]


def complete(words: Sequence[str]) -> int:
    """Answer a shell, or print or install its script. Returns the exit code."""
    params = [*get_install_completion_arguments()]
    settings = {"ignore_unknown_options": True, "allow_extra_args": True}
    program = _Program(tree.PROGRAM, params=params, context_settings=settings, rich_markup_mode=None)
    return int(program.main([*words], prog_name=tree.PROGRAM, standalone_mode=False) or 0)
