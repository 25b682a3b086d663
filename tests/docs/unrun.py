"""Checks blocks that are not run: they parse, and our commands, options and names in them exist."""

import re
import shlex
import subprocess

import rural_forecast
from rural_forecast.cli import tree
from tests.docs.blocks import Block


def checked(block: Block) -> None:
    """Check a block without running it. Raises AssertionError or SyntaxError if it cannot be right."""
    if block.kind == "python":
        compile(block.text, "page", "exec")
        for name in re.findall(r"\brf\.(\w+)", block.text):
            assert hasattr(rural_forecast, name), f"rf has no {name}."
        return
    script = "\n".join(line.removeprefix("$ ") for line in block.text.splitlines())
    parsed = subprocess.run(["bash", "-n", "-c", script], capture_output=True, text=True, check=False)
    assert parsed.returncode == 0, parsed.stderr
    for line in script.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        for place, word in enumerate(words[:-1]):
            if word.endswith("rural-forecast") and not words[place + 1].startswith("-"):
                _command(words[place + 1 :])


def _command(words: list[str]) -> None:
    """Find our command, and the options that it is given."""
    path = next((path for path, _ in tree.commands() if words[: len(path.split())] == path.split()), "")
    assert path, f"There is no command {words[0]!r}."
    known = {name for parameter in tree.load(path).params for name in (*parameter.opts, *parameter.secondary_opts)}
    for word in words:
        if word in {"|", ";", "&&", ">"}:
            break
        if word.startswith("--") and word != "--":
            assert word.partition("=")[0] in known | {"--help"}, f"{words[0]!r} has no option {word}."
