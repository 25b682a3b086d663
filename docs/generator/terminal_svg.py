"""Terminals as pictures: real output with its colours, drawn by rich without anything from
elsewhere.
"""

from __future__ import annotations

import io
import re

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, SVG_EXPORT_THEME
from rich.text import Text

_FONT = re.compile(r"@font-face \{\{.*?\}\}\s*", re.DOTALL)


def drawn(command: str, output: str, columns: int, *, dark: bool) -> str:
    """A picture of a terminal in which this command has printed this output, escapes included."""
    console = Console(
        record=True, width=columns, file=io.StringIO(), force_terminal=True, color_system="standard"
    )
    console.print(Text.from_ansi(f"$ {command}\n{output}"), soft_wrap=True)
    picture = console.export_svg(
        title=command.partition(" ")[0],
        theme=SVG_EXPORT_THEME if dark else DEFAULT_TERMINAL_THEME,
        code_format=_FONT.sub("", CONSOLE_SVG_FORMAT).replace(
            "Fira Code, monospace", "DejaVu Sans Mono, monospace"
        ),
        unique_id="terminal",
    )
    return "\n".join(line.rstrip() for line in picture.splitlines()) + "\n"
