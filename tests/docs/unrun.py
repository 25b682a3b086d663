"""Checks blocks that are not run: they parse, and our commands, options and names in them exist."""

from __future__ import annotations

import ast
import importlib
import shlex
import subprocess

from rural_forecast.cli import tree
from tests.docs.blocks import Block


def checked(block: Block) -> None:
    """Check a block without running it.

    Raises
    ------
    AssertionError, SyntaxError : it cannot be right
    """
    if block.kind == "python":
        _python(block.text)
    elif block.kind in {"sh", "console"}:
        lines = [line.removeprefix("$ ") for line in block.text.splitlines()]
        _shell(lines if block.kind == "sh" else [line for line in lines if line.startswith("rural-forecast")])


def _shell(lines: list[str]) -> None:
    script = "\n".join(lines)
    parsed = subprocess.run(["bash", "-n", "-c", script], capture_output=True, text=True, check=False)
    assert parsed.returncode == 0, parsed.stderr
    for line in script.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        places = [place for place, word in enumerate(words) if word.endswith("rural-forecast") and words[place + 1 :]]
        for place in places:
            _command(words[place + 1 :])


def _command(words: list[str]) -> None:
    """Our command is there, and has the options it is given."""
    if words[0].startswith("-"):
        return
    # typer carries a click of its own, so no type of click names what it builds
    path = next((path for path, _ in tree.commands() if words[: len(path.split())] == path.split()), "")
    assert path, f"There is no command {words[0]!r}."
    found = tree.load(path)
    known = {name for parameter in found.params for name in (*parameter.opts, *parameter.secondary_opts)}
    for word in words:
        if word in {"|", ";", "&&", ">"}:
            break
        if word.startswith("--") and word != "--":
            assert word.partition("=")[0] in known | {"--help"}, f"{words[0]!r} has no option {word}."


def _python(text: str) -> None:
    """It parses, and what it takes from our package is there."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("rural_forecast"):
            module = importlib.import_module(node.module or "")
            for name in node.names:
                assert hasattr(module, name.name), f"{node.module} has no {name.name}."
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "rf":
            assert hasattr(importlib.import_module("rural_forecast"), node.attr), f"rf has no {node.attr}."
