"""The blocks of the documentation: runs those of a page in order, in one folder.

- `console`: commands behind `$ ` and what they print on a terminal 100 columns wide.
- `sh`: commands alone, with nothing shown.
- `python`: run in one namespace a page; what it prints may stand in a `text` block right below it.
- `title="market.toml"` after the language: the block is that file for the blocks after it.
- `<!-- not run: reason -->` above a block: it needs what a test has not, and is checked without
  being run.

`poe regenerate` puts the real output into the pages.
"""

import contextlib
import doctest
import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pexpect

import rural_forecast
from rural_forecast.cli import tree
from rural_forecast.scenarios.reading import read_scenarios
from rural_forecast.sizing.model import load
from tests import programs, warm

ROOT = Path(__file__).parents[2]


def every_page() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]


BLOCK = re.compile(
    r"^(?:<!-- not run: (?P<unrun>[^\n]+?) -->\n+)?"
    r'^```(?P<kind>\w*)(?: title="(?P<title>[^"\n]+)")?\n(?P<text>.*?)^```$',
    re.MULTILINE | re.DOTALL,
)
_COMMAND = re.compile(r"^\$ (.*(?:\\\n.*)*)\n", re.MULTILINE)


class Block(NamedTuple):
    kind: str
    text: str
    title: str  # the file it is, where it is one
    unrun: str  # why it is not run; empty where it is
    line: int
    span: tuple[int, int]  # where its text stands in the page
    follows: str  # what stands between the block before and this one


class Step(NamedTuple):
    """One command of a `console` block and the output below it."""

    command: str
    output: str
    span: tuple[int, int]  # where the output stands in the page


def blocks(page: str) -> Iterator[Block]:
    end = 0
    for found in BLOCK.finditer(page):
        kind, text, title, unrun = (
            found[name] or "" for name in ("kind", "text", "title", "unrun")
        )
        line = page.count("\n", 0, found.start("kind")) + 1
        yield Block(
            kind, text, title, unrun, line, found.span("text"), follows=page[end : found.start()]
        )
        end = found.end()


def commands(block: Block) -> Iterator[Step]:
    found = list(_COMMAND.finditer(block.text))
    for place, command in enumerate(found):
        end = found[place + 1].start() if place + 1 < len(found) else len(block.text)
        start = command.end()
        yield Step(command[1], block.text[start:end], (block.span[0] + start, block.span[0] + end))


COLUMNS = 100
FAILURES = (1, 2, 126, 127)
"""Exit codes of a defect, a mistake in the command, and a program that is missing; a signal is over
128.
"""


class Printed(NamedTuple):
    """The output of a command or a piece of Python, and that on the page."""

    what: str
    really: str
    page: str
    span: tuple[int, int]
    failed: bool = False  # findings and refused series are no failure


def outputs(page: str, folder: Path) -> Iterator[Printed]:
    """Run a page; yields what it shows of outputs, and fails where a block does or is not what its
    kind says.
    """
    names: dict[str, Any] = {"__name__": "__page__"}
    printed: str | None = None
    for block in blocks(page):
        where = f"line {block.line}"
        if block.title:
            (folder / block.title).write_text(block.text, encoding="utf-8")
        if block.unrun:
            _checked(block)
        elif block.kind == "console":
            for step in commands(block):
                shown, code = terminal(step.command, folder)
                failed = (
                    code in FAILURES
                    or code < 0
                    or code > 128
                    or re.search("^error: ", shown, re.MULTILINE)
                )
                yield Printed(step.command, shown, step.output, step.span, failed=bool(failed))
        elif block.kind == "sh":
            shown, code = terminal(f"set -eo pipefail\n{block.text}", folder)
            assert code == 0, f"{where}: exit code {code}\n{shown}"
        elif block.kind == "text" and printed is not None and not block.follows.strip():
            yield Printed(where, printed, block.text, block.span)
        else:
            _well_formed(block, folder)
        printed = (
            _python(block, names, folder) if block.kind == "python" and not block.unrun else None
        )


def terminal(command: str, folder: Path, *, colour: bool = False) -> tuple[str, int]:
    clean = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PYTHON", "RURAL_", "GITHUB_"))
    }
    clean |= {
        "PATH": f"{warm.folder()}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        **({"TERM": "xterm"} if colour else {"NO_COLOR": "1", "TERM": "dumb"}),
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "COLUMNS": str(COLUMNS),
    }
    shell = pexpect.spawn(
        "bash",
        ["-c", command],
        env=clean,
        cwd=str(folder),
        dimensions=(60, COLUMNS),
        timeout=120,
        encoding="utf-8",
        # Whose reader has gone ends silently.
        preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL),
    )
    output, code = programs.ended(shell)
    return "\n".join(
        line.rstrip() for line in output.splitlines()
    ) + "\n", -1 if code is None else code


def refreshed(page: str, folder: Path) -> str:
    """The page with the real output of its commands and Python; no command may fail that the page
    shows to succeed.
    """
    for printed in reversed(list(outputs(page, folder))):
        assert not printed.failed or "error:" in printed.page, f"{printed.what}\n{printed.really}"
        start, end = printed.span
        page = page[:start] + (printed.really.rstrip("\n") + "\n").lstrip("\n") + page[end:]
    return page


def _python(block: Block, names: dict[str, Any], folder: Path) -> str:
    """Run Python in the page's folder; gives what it printed."""
    out = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out):
        if block.text.lstrip().startswith(">>>"):
            test = doctest.DocTestParser().get_doctest(block.text, names, "page", None, block.line)
            failed, _ = doctest.DocTestRunner().run(test, out=out.write, clear_globs=False)
            assert not failed, out.getvalue()
            names.update(test.globs)
        else:
            exec(compile("\n" * block.line + block.text, "page", "exec"), names)
    return out.getvalue()


def _well_formed(block: Block, folder: Path) -> None:
    """Check that data in a block is data of the format that it names."""
    kind = block.kind
    text = block.text
    if kind == "json":
        json.loads(text)
    elif kind == "toml":
        keys = tomllib.loads(text).keys()
        file = folder / (block.title or "block.toml")
        file.write_text(text, encoding="utf-8")
        if "scenarios" in keys:
            read_scenarios(file)
        elif "drivers" in keys and ("formula" in keys or "stages" in keys):
            load(file)
    else:
        assert kind in {"text", "python", "csv", "xml"}, (
            f"line {block.line}: what is a block of kind {kind!r}?"
        )


def _checked(block: Block) -> None:
    if block.kind == "python":
        compile(block.text, "page", "exec")
        for name in re.findall(r"\brf\.(\w+)", block.text):
            assert hasattr(rural_forecast, name), f"rf has no {name}."
        return
    script = "\n".join(line.removeprefix("$ ") for line in block.text.splitlines())
    parsed = subprocess.run(
        ["bash", "-n", "-c", script], capture_output=True, text=True, check=False
    )
    assert parsed.returncode == 0, parsed.stderr
    for line in script.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        for place, word in enumerate(words[:-1]):
            if word.endswith("rural-forecast") and not words[place + 1].startswith("-"):
                _command(words[place + 1 :])


def _command(words: list[str]) -> None:
    path = next(
        (path for path, _ in tree.commands() if words[: len(path.split())] == path.split()), ""
    )
    assert path, f"There is no command {words[0]!r}."
    known = {name for option in tree.load(path).parameters.values() for name in option.names}
    for word in words:
        if word in {"|", ";", "&&", ">"}:
            break
        if word.startswith("--") and word != "--":
            assert word.partition("=")[0] in known | {"--help"}, (
                f"{words[0]!r} has no option {word}."
            )
