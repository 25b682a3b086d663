"""Run a command line, and turn exceptions into messages, with options as they are typed, and exit
codes.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Sequence
from traceback import format_exception

from rural_forecast.cli import streams, tree
from rural_forecast.cli.tree import EXIT_CODES, PROGRAM
from rural_forecast.errors import DEFECT, INTERRUPTED, RuralForecastError, spelling
from rural_forecast.render import error as rendering
from rural_forecast.render.formats import BY_NAME, from_suffix
from rural_forecast.system import inputs, output
from rural_forecast.system.process import holding, lack_of_resources
from rural_forecast.text.cells import without_controls


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command line, and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    with holding(spelling, as_option), inputs.recorded():
        try:
            if words == ["help", "exit-codes"]:
                streams.write(
                    "".join(f"{code:>3}  {meaning}\n" for code, meaning in EXIT_CODES.items()), None
                )
                return 0
            if words[:1] == ["help"]:
                words = [*(name for name in words if name != "help"), "--help"]
            return tree.run(words)
        except BaseException as error:  # noqa: BLE001 - no user sees a traceback without -v
            return _told(error, words)


def _told(error: BaseException, arguments: Sequence[str]) -> int:
    """Report an error in words, and return its exit code; a closed pipe is none."""
    if isinstance(error, KeyboardInterrupt):
        streams.say("interrupted")
        return INTERRUPTED
    # As Typer ends.
    passed_on = isinstance(error, SystemExit) and isinstance(error.__context__, BrokenPipeError)
    if isinstance(error, BrokenPipeError) or passed_on:
        output.silence(sys.stdout)
        return 0
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else DEFECT
    known = error if isinstance(error, RuralForecastError) else lack_of_resources(error)
    # Typer prints completion itself.
    if known is None and isinstance(error, OSError) and error.filename is None:
        known = output.unwritable(None, error)
    if known is None:
        if {"-v", "--verbose"} & set(arguments):
            streams.say(without_controls("".join(format_exception(error)).rstrip()))
        message = f"This is a defect of {PROGRAM}: {type(error).__name__}: {error}"
        known = RuralForecastError(message, "Run it again with -v and report what it prints.")
    wished = BY_NAME.get(_wished_format(arguments))
    if wished and wished.errors_as_json:
        streams.say(rendering.as_json(known))
    else:
        streams.say(
            rendering.plain(known.message, known.hint, color=streams.use_color("auto", "stderr"))
        )
    return known.exit_code


def _wished_format(arguments: Sequence[str]) -> str:
    """The format that the raw arguments ask for; parsing may have failed."""
    line = "\0".join(("", *arguments, ""))

    def last(name: str) -> str:
        """The last value of `--name VALUE`, `--name=VALUE`, `-n VALUE` or `-nVALUE`, which may
        follow other letters.
        """
        typed: list[str] = re.findall(rf"\0(?:--{name}[=\0]|-[qvh]*{name[0]}=?\0?)([^\0]*)", line)
        return typed[-1] if typed else ""

    return last("format").lower() or from_suffix(last("output")) or ""


def as_option(name: str, value: object = None) -> str:
    """An option as it is typed; a list repeats it."""
    others = {
        "all_years": "years all",
        "file": "from",
        "actuals": "with",
        "output": "o",
        "series_id": "series",
    }
    name = (others | {"levels": "level", "models": "model"}).get(name, name.replace("_", "-"))
    typed = f"-{name}" if len(name) == 1 else f"--{name}"
    if value is None or value is True:
        return typed
    values = map(str, value if isinstance(value, list) else [value])
    alone = {each: f"'{each}'" for each in ",./-"}  # easily overlooked without quotes
    return " ".join(f"{typed} {alone.get(each) or shlex.quote(each)}" for each in values)
