"""Run a command line, and turn exceptions into messages, with options as they are typed, and exit
codes.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from traceback import format_exception

from rural_forecast.cli import streams, tree
from rural_forecast.cli.tree import EXIT_CODES, PROGRAM
from rural_forecast.errors import DEFECT, INTERRUPTED, RuralForecastError, Spelling, spelling
from rural_forecast.render import error as rendering
from rural_forecast.render.formats import BY_NAME, from_suffix
from rural_forecast.system import addresses, inputs, output
from rural_forecast.system.process import holding, lack_of_resources
from rural_forecast.system.terminal import use_color
from rural_forecast.text.cells import without_controls


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command line, and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    with holding(spelling, TYPED), inputs.recorded(), addresses.ruled():
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
            return _report(error, words)


def _report(error: BaseException, arguments: Sequence[str]) -> int:
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
    reported = _in_our_form(error, arguments)
    wished = BY_NAME.get(_wished_format(arguments))
    if wished and wished.errors_as_json:
        streams.say(rendering.as_json(reported))
    else:
        color = use_color("auto", "stderr")
        streams.say(rendering.plain(reported.message, reported.hint, color=color))
    return reported.exit_code


def _in_our_form(error: BaseException, arguments: Sequence[str]) -> RuralForecastError:
    """An error that a user can act on; any other is a defect, with its traceback under `-v`."""
    if isinstance(error, RuralForecastError):
        return error
    lack = lack_of_resources(error)
    if lack is not None:
        return lack
    # Typer prints completion itself, so its OSError names no file.
    if isinstance(error, OSError) and error.filename is None:
        return output.unwritable(None, error)
    if not {"-v", "--verbose"}.isdisjoint(arguments):
        streams.say(without_controls("".join(format_exception(error)).rstrip()))
    return RuralForecastError(
        f"This is a defect of {PROGRAM}: {type(error).__name__}: {error}",
        "Run it again with -v and report what it prints.",
    )


def _wished_format(arguments: Sequence[str]) -> str:
    """The format that the raw arguments ask for; parsing may have failed."""
    line = "\0".join(("", *arguments, ""))

    def last(name: str) -> str:
        """The last value of `--name VALUE`, `--name=VALUE`, `-n VALUE` or `-nVALUE`, which may
        follow other letters.
        """
        pattern = rf"\0(?:--{name}[=\0]|-[qvh]*{name[0]}=?\0?)([^\0]*)"
        typed: list[str] = re.findall(pattern, line)
        return typed[-1] if typed else ""

    return last("format").lower() or from_suffix(last("output")) or ""


# Options whose name differs from that of the parameter of the Python API.
OPTION_NAMES = {
    "all_years": "years all",
    "file": "from",
    "actuals": "with",
    "output": "o",
    "series_id": "series",
    "levels": "level",
    "breaks": "break",
    "models": "model",
    "weights": "weight",
}
EASILY_OVERLOOKED = ",./-"
"""Values of one sign, which a shell takes without quotes and a reader misses."""


def as_option(name: str, value: object = None) -> str:
    """Spell a parameter as an option; a list repeats it."""
    name = OPTION_NAMES.get(name, name.replace("_", "-"))
    typed = f"-{name}" if len(name) == 1 else f"--{name}"
    if value is None or value is True:
        return typed
    values = value if isinstance(value, list) else [value]
    if isinstance(value, dict):
        values = [f"{key}={part}" for key, part in value.items()]
    return " ".join(f"{typed} {_quoted(str(text))}" for text in values)


def as_command(name: str, source: str, options: Mapping[str, object]) -> str:
    """Spell a command as it is typed."""
    words = ["rural-forecast", name]
    if source:
        words.append(_quoted(source))
    words += [as_option(option, value) for option, value in options.items()]
    return " ".join(words)


TYPED = Spelling(as_option, as_command)
"""How options and commands are written on the command line."""


def _quoted(text: str) -> str:
    if len(text) == 1 and text in EASILY_OVERLOOKED:
        return f"'{text}'"
    return shlex.quote(text)
