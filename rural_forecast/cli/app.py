"""The command tree, and the one place where exceptions become messages and exit codes."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType

import typer

from rural_forecast.cli import streams
from rural_forecast.cli.commands import backtest, compare, models, project, series
from rural_forecast.cli.options import expanded
from rural_forecast.errors import DEFECT, INTERRUPTED, OutputError, RuralForecastError, UsageError
from rural_forecast.version import __version__

PROGRAM = "rural-forecast"
ERRORS_AS_JSON = frozenset({"json", "ndjson"})

_SETTINGS = {"help_option_names": ["--help", "-h"], "max_content_width": 100}

app = typer.Typer(
    name=PROGRAM,
    help="Forecast short annual market series: a defensible number, an honest interval, the evidence beside both.",
    epilog="\b\nExit codes: 0 done · 1 a defect of ours · 2 usage · 3 input refused · 4 no model could answer\n"
    "5 some series of a batch refused · 6 output not written · 130 interrupted",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=_SETTINGS,
)


_GROUPS: dict[str, ModuleType] = {"series": series, "models": models}
_SINGLE: dict[str, ModuleType] = {"project": project, "compare": compare, "backtest": backtest}


def commands() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every command as typed, with the examples under its help; each example is run by a test."""
    for name, module in _SINGLE.items():
        yield name, module.EXAMPLES
    for group, module in _GROUPS.items():
        for name in module.COMMANDS:
            yield f"{group} {name}", getattr(module, f"{name.upper()}_EXAMPLES")


def _add(parent: typer.Typer, name: str, function: Callable[..., None], lines: Sequence[str]) -> None:
    epilog = "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
    summary = (function.__doc__ or "").partition(";")[0].partition(". ")[0].partition(", with")[0].partition(":")[0]
    parent.command(name, epilog=epilog, short_help=summary.rstrip("."), context_settings=_SETTINGS)(expanded(function))


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the version."),
) -> None:
    """Print help where no command is given."""
    if version:
        streams.write(f"{PROGRAM} {__version__}\n", None)
    elif context.invoked_subcommand is None:
        streams.write(context.get_help() + "\n", None)


def _build() -> None:
    for name, module in _SINGLE.items():
        _add(app, name, getattr(module, name), module.EXAMPLES)
    for group, module in _GROUPS.items():
        parent = typer.Typer(help=module.HELP, rich_markup_mode=None, context_settings=_SETTINGS)
        for name in module.COMMANDS:
            _add(parent, name, getattr(module, name), getattr(module, f"{name.upper()}_EXAMPLES"))
        app.add_typer(parent, name=group)


_build()


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code; nothing is raised but defects of ours under `-v`."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        _require_destination(arguments)
        code = app(arguments, prog_name=PROGRAM, standalone_mode=False)
        _flush()
    except RuralForecastError as error:
        return _report(error, arguments)
    except typer.TyperException as error:
        return _report(_usage(error), arguments)
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        streams.silence_stdout()
        return 0
    except OSError as error:  # Typer prints help by itself, and standard output may be full
        streams.silence_stdout()
        return _report(OutputError(f"Standard output could not be written: {error.strerror or error}."), arguments)
    except SystemExit as stop:
        if _pipe_closed(stop):
            streams.silence_stdout()
            return 0
        return stop.code if isinstance(stop.code, int) else DEFECT
    except Exception as defect:  # noqa: BLE001 - the last resort, so that a user never meets a traceback unasked
        return _defect(defect, arguments)
    return _interrupted() if code == INTERRUPTED else int(code or 0)


def _require_destination(arguments: Sequence[str]) -> None:
    """Refuse to work for nobody: Typer would print help into a closed standard output without a word."""
    named = any(argument.startswith(("-o", "--output")) for argument in arguments)
    if (sys.stdout is None or sys.stdout.closed) and not named:
        raise OutputError("Standard output is closed.", "Name a file with -o, or do not close standard output.")


def _flush() -> None:
    """Empty the buffer while errors can still be told."""
    try:
        if sys.stdout is not None and not sys.stdout.closed:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        streams.silence_stdout()
        raise OutputError(f"Standard output could not be written: {error.strerror}.") from error


def _pipe_closed(stop: BaseException | None) -> bool:
    """Whether an exit was caused by a closed pipe: Typer and rich turn one into exit 1."""
    while stop is not None:
        if isinstance(stop, OSError) and stop.errno == errno.EPIPE:
            return True
        stop = stop.__cause__ or stop.__context__
    return False


def _defect(defect: Exception, arguments: Sequence[str]) -> int:
    """Say that we are to blame; the traceback goes to those who ask for it with -v."""
    if {"-v", "--verbose"} & set(arguments):
        from traceback import format_exception

        streams.say("".join(format_exception(defect)).rstrip())
    message = f"This is a defect of {PROGRAM}: {type(defect).__name__}: {defect}"
    return _report(RuralForecastError(message, "Run it again with -v and report what it prints."), arguments)


def _interrupted() -> int:
    streams.say("interrupted")
    return INTERRUPTED


def _usage(error: typer.TyperException) -> UsageError:
    """Typer's own complaint in our form."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else PROGRAM
    return UsageError(error.format_message(), f"See '{path} --help'.")


def _report(error: RuralForecastError, arguments: Sequence[str]) -> int:
    """Say what went wrong: for people, or as one JSON object where the output is JSON."""
    from rural_forecast.render import error as rendering

    if _wished_format(arguments) in ERRORS_AS_JSON:
        streams.say(rendering.as_json(error.code, error.message, error.hint, error.exit_code))
    else:
        color = streams.use_color("auto", "stderr")
        streams.say(rendering.plain(error.message, error.hint, color=color))
    return error.exit_code


def _wished_format(arguments: Sequence[str]) -> str:
    """The format asked for, read from the raw arguments, for parsing may have failed."""
    wished = ""
    for place, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name in {"--format", "-f"}:
            wished = value if equals else "".join(arguments[place + 1 : place + 2])
        elif name in {"--output", "-o"} and not wished:
            path = value if equals else "".join(arguments[place + 1 : place + 2])
            wished = path.rpartition(".")[2]
    return wished
