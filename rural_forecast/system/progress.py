"""Signs of work under way: on a terminal by its standard error, in a notebook by a bar below the
cell, nowhere else.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from importlib import import_module
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from rural_forecast.system.terminal import has_signs, is_terminal, use_color

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import ProgressColumn

SOON = 1.0  # seconds; what is done by then shows no bar where nobody typed a command


class _ProgressBar(Protocol):
    """A bar that somebody sees."""

    def show(self, done: int, total: int | None) -> None:
        """Show how much is done; `total` is unknown where it is None."""

    def clear(self) -> None:
        """Leave nothing behind."""


class _OnTerminal:
    """A bar of rich on a terminal."""

    def __init__(self) -> None:
        from rich.progress import Progress, TaskProgressColumn, TimeRemainingColumn

        with ExitStack() as opening:  # Ctrl-C may come before the bar is there
            console = opening.enter_context(_console(quiet=False))
            columns = *_bar_columns(), TaskProgressColumn(), TimeRemainingColumn()
            bar = Progress(*columns, console=console, transient=True)
            self._progress = opening.enter_context(bar)
            self._task = self._progress.add_task("", total=None)
            self._ending = opening.pop_all()

    def show(self, done: int, total: int | None) -> None:
        self._progress.update(self._task, completed=done, total=total)

    def clear(self) -> None:
        self._ending.close()


class _InNotebook:
    """A bar of HTML below a cell. That of rich needs widgets, and warns where there are none."""

    def __init__(self) -> None:
        displaying: Any = import_module("IPython.display")
        self._html = displaying.HTML
        self._shown = displaying.display(self._html(""), display_id=True)

    def show(self, done: int, total: int | None) -> None:
        share = f' value="{done}" max="{total}"' if total else ""
        text = f" {done:,} of {total:,}" if total else ""
        self._shown.update(self._html(f"<progress{share}></progress>{text}"))

    def clear(self) -> None:
        self._shown.update(self._html(""))


def _in_notebook() -> bool:
    """True within the kernel of a notebook, where IPython is loaded."""
    interactive: Any = sys.modules.get("IPython")
    shell = interactive.get_ipython() if interactive else None
    return getattr(shell, "kernel", None) is not None


class Counting:
    """Work of which a part is done, and the bar that shows it once it has taken a while."""

    def __init__(self, open_bar: Callable[[], _ProgressBar] | None, after: float) -> None:
        """Begin the work.

        Parameters
        ----------
        open_bar : shows a bar; None where nobody sees one
        after : seconds from which on it is shown
        """
        self._open_bar = open_bar
        self._from = monotonic() + after
        self._bar: _ProgressBar | None = None
        self._done = 0
        self._total: int | None = None

    def expect(self, total: int) -> None:
        """Set how much there is to do."""
        self._total = total
        self.advance(0)

    def advance(self, part: int) -> None:
        """Add a part that is done."""
        self._done += part
        if self._open_bar is None or monotonic() < self._from:
            return
        if self._bar is None:
            self._bar = self._open_bar()
        self._bar.show(self._done, self._total)

    def end(self) -> None:
        """Leave nothing behind."""
        if self._bar is not None:
            self._bar.clear()


@contextmanager
def progress(*, quiet: bool = False, after: float = 0.0) -> Iterator[Counting]:
    """Show a bar for the work of the block, if it takes longer than `after` seconds."""
    open_bar: Callable[[], _ProgressBar] | None = None
    if _is_seen(quiet=quiet):
        open_bar = _OnTerminal
    elif not quiet and _in_notebook():
        open_bar = _InNotebook
    work = Counting(open_bar, after)
    try:
        yield work
    finally:
        work.end()


@contextmanager
def spinner(text: str, *, quiet: bool) -> Iterator[None]:
    """Show a spinner on standard error, if that is a terminal."""
    with (
        _console(quiet=quiet) as console,
        console.status(text, spinner=_spinner_name()) if console else nullcontext(),
    ):
        yield


def _spinner_name() -> str:
    return "dots" if has_signs() else "line"


def _bar_columns() -> list[ProgressColumn]:
    """Make the bar of a progress display; where there is no sign for it, the share alone stays."""
    from rich.progress import BarColumn

    return [BarColumn()] if has_signs() else []


def _is_seen(*, quiet: bool) -> bool:
    """True if standard error is a terminal that can move its cursor."""
    return not quiet and is_terminal("stderr") and os.environ.get("TERM") != "dumb"


@contextmanager
def _console(*, quiet: bool) -> Iterator[Console | None]:
    """Give a console on standard error, if that is a terminal."""
    if not _is_seen(quiet=quiet):
        yield None
        return
    from rich.console import Console

    console = Console(file=sys.stderr, no_color=not use_color("auto", "stderr"), highlight=False)
    try:
        yield console
    finally:
        console.show_cursor()  # also if Ctrl-C came while it was being hidden


@contextmanager
def transfer(name: str, *, quiet: bool) -> Iterator[Callable[[int, int | None], None]]:
    """Show how much of an address has come; `name` has no control characters.

    It yields a function that takes the bytes so far, and of all where that is known.
    """
    with _console(quiet=quiet) as console:
        if console is None:
            yield lambda _, __: None
            return
        from rich.progress import DownloadColumn, Progress, TextColumn

        name_column = TextColumn("{task.description}", markup=False)
        columns = name_column, *_bar_columns(), DownloadColumn()
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(f"Fetching {name[-60:]}", total=None)
            yield lambda size, whole: bar.update(task, completed=size, total=whole)
