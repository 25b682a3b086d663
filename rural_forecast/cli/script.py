"""A Python script that gives the rows of a command, made of its question and not of its options.

A field of a question is an argument of the function of the same name, and an option of reading one
of `series` or `ReadOptions`. A script states those that differ from what holds without them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import fields
from datetime import date
from inspect import signature
from pathlib import Path
from textwrap import indent
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import rural_forecast
from rural_forecast.observed.reading import ReadOptions
from rural_forecast.observed.source_names import DEFAULT_SERIES
from rural_forecast.question.source import Source
from rural_forecast.scenarios.reading import read_scenarios

if TYPE_CHECKING:
    from rural_forecast.cli.loading import Loader
    from rural_forecast.question.question import Recorded
    from rural_forecast.scenarios.assumptions import Scenario

LONGEST_LINE = 88
MARKETS = ("like", "within", "definition")
"""Fields of a question that are series: a script reads them."""
Rows = Mapping[str, Any]
"""Options of `to_frame`."""
calls_by_file: ContextVar[Mapping[str, str]] = ContextVar(
    "calls_by_file", default=MappingProxyType({})
)
"""The calls that make series of values, by the file that holds the values."""


def of_market(
    function: str,
    load: Loader[Any],
    source: Source | None,
    rows: Rows,
    pool: Mapping[str, float] | None = None,
) -> str:
    """Write the script that asks a function about the market of a command.

    `pool` has the weights of a pool that leads the result.
    """
    statements = [
        f"series = {_main(load, source)}",
        f"result = {_asked(function, load, source)}",
    ]
    if pool is not None:
        weights = [_literal(pool)] if pool else []
        statements.append(f"result = {_call('rf.pooled', ['result', *weights])}")
    return _script(statements, rows)


def of_scenarios(
    load: Loader[Any],
    source: Source | None,
    scenarios: Sequence[Scenario],
    file: str | None,
    rows: Rows,
) -> str:
    """Write the script that asks about scenarios, those of a file and others."""
    statements = []
    series = _main(load, source)
    written = [_scenario(one) for one in scenarios if one.file is None]
    if file is not None:
        statements.append(f"file = {_call('rf.read_scenarios', [_literal(file)])}")
        written.insert(0, "*file.scenarios")
        if source is None and read_scenarios(file).series:
            series = "file.series"
    statements.append(f"series = {series}")
    statements.append(f"result = {_asked('scenario', load, source, written)}")
    return _script(statements, rows)


def of_file(
    function: str,
    load: Loader[Any],
    source: Source,
    asked: Mapping[str, object],
    rows: Rows,
    frame: str = "",
) -> str:
    """Write the script that asks a function about all series of a file.

    `frame` gives the rows where they are not those of `to_frame`.
    """
    given = _arguments(function, asked) | _prices(load, source) | _markets(load, source)
    reading = {name: _literal(value) for name, value in _reading(load, source).items()}
    if reading:
        given["options"] = _call("rf.ReadOptions", [], reading)
    result = _call(f"rf.{function}", [_literal(source.name)], given)
    return _script([f"result = {result}"], rows, frame)


def asked_of(question: Recorded) -> dict[str, Any]:
    """Give the fields of a question by name, but for markets."""
    every: Any = question  # a dataclass, as every question is
    names = [field.name for field in fields(every) if field.name not in MARKETS]
    return {name: getattr(question, name) for name in names}


def _script(statements: Iterable[str], rows: Rows, frame: str = "") -> str:
    """Write statements that make a `result` as a script that prints its rows."""
    chosen = {name: _literal(value) for name, value in rows.items() if value}
    body = [
        *statements,
        f"frame = {frame or _call('result.to_frame', [], chosen)}",
        'print(frame.to_csv(index=False), end="")',
    ]
    text = "\n".join(body)
    imports = "import rural_forecast as rf\n"
    if "date(" in text:
        imports = f"from datetime import date\n\n{imports}"
    return f"{imports}\n{text}\n"


def _call(
    function: str, positional: Sequence[str], keywords: Mapping[str, str] | None = None
) -> str:
    """Write a call on one line, or with an argument a line where it is longer than a line."""
    named = [f"{name}={value}" for name, value in (keywords or {}).items()]
    arguments = [*positional, *named]
    line = f"{function}({', '.join(arguments)})"
    if len(line) <= LONGEST_LINE and "\n" not in line:
        return line
    lines = indent(",\n".join(arguments), "    ")
    return f"{function}(\n{lines},\n)"


def _asked(
    function: str, load: Loader[Any], source: Source | None, more: Sequence[str] = ()
) -> str:
    """Write the call of a function of a series with the question of a command."""
    given = _arguments(function, asked_of(load.question)) | _markets(load, source)
    return _call(f"rf.{function}", ["series", *more], given)


def _arguments(function: str, values: Mapping[str, object]) -> dict[str, str]:
    """Write the arguments of a function that differ from what it has where they are left out."""
    parameters = signature(getattr(rural_forecast, function)).parameters
    written = dict[str, str]()
    for name, value in values.items():
        is_empty = value is None or (isinstance(value, Mapping | list | tuple) and not value)
        if not is_empty and value != parameters[name].default:
            written[name] = _literal(value)
    return written


def _prices(load: Loader[Any], main: Source | None) -> dict[str, str]:
    """Write the inflation that is stated: a number, a country, or a file."""
    inflation = load.money.inflation
    if inflation is None:
        return {}
    if isinstance(inflation, str):
        source = Source.parse(inflation).beside(Source("") if main is None else main)
        if source.is_file:
            return {"inflation": _series(load, source, {})}
    return {"inflation": _literal(inflation)}


def _markets(load: Loader[Any], main: Source | None) -> dict[str, str]:
    """Write the other markets of a command as arguments."""
    named = load.markets
    written = dict[str, str]()
    if named.like:
        series = [one for source in named.like for one in _others(load, source, main)]
        written["like"] = f"[{', '.join(series)}]"
    for name, source in (("within", named.within), ("definition", named.definition)):
        if source is not None:
            (written[name],) = _others(load, source, main)
    return written


def _scenario(scenario: Scenario) -> str:
    values = {field.name: getattr(scenario, field.name) for field in fields(scenario)}
    stated = {name: _literal(value) for name, value in values.items() if value}
    return _call("rf.Scenario", [], stated)


def _others(load: Loader[Any], source: Source, main: Source | None) -> list[str]:
    """Write every series that a source of another market gives."""
    beside = source.beside(Source("") if main is None else main)
    if not beside.is_file:
        return [_literal(beside.name)]
    same_file = main is not None and beside.path == main.path
    options = _reading(load, beside) if same_file else {}
    options.pop("series_id", None)
    options["allow_gaps"] = True
    read = load.others(source, main)
    if len(read) == 1:
        return [_series(load, beside, options)]
    return [_series(load, beside, {**options, "series_id": series.id}) for series in read]


def _main(load: Loader[Any], source: Source | None) -> str:
    """Write the call that reads the series of a command."""
    main = Source.parse(DEFAULT_SERIES) if source is None else source
    return _series(load, main, _reading(load, main))


def _series(load: Loader[Any], source: Source, options: Mapping[str, Any]) -> str:
    """Write the call that reads a series: of `series`, which fetches too, or of `read`."""
    call_with_values = calls_by_file.get().get(source.path)
    if call_with_values is not None:
        return call_with_values
    fetching = load.run.fetching
    keywords = {name: _literal(value) for name, value in options.items()}
    if not keywords.keys() <= signature(rural_forecast.series).parameters.keys():
        reading = _call("rf.ReadOptions", [], keywords)
        return _call("rf.read", [_literal(source.name), reading])
    if source.is_address and fetching.refresh:
        keywords["refresh"] = "True"
    if source.is_address and fetching.offline:
        keywords["offline"] = "True"
    return _call("rf.series", [_literal(source.name)], keywords)


def _reading(load: Loader[Any], source: Source) -> dict[str, Any]:
    """Give the options of reading that are not the usual ones; a day only where it is stated."""
    if not source.is_file:
        return {}
    options = load.options_for(source)._replace(as_of=load.question.as_of)
    usual = ReadOptions()._asdict()
    return {name: value for name, value in options._asdict().items() if value != usual[name]}


def _literal(value: object) -> str:
    """Write a value of a question as Python reads it."""
    if isinstance(value, date):
        return f"date({value.year}, {value.month}, {value.day})"
    if isinstance(value, Path):
        return _literal(str(value))
    if isinstance(value, str) and value.isprintable() and not {'"', "\\"} & {*value}:
        return f'"{value}"'
    if isinstance(value, Mapping):
        pairs = [f"{_literal(key)}: {_literal(part)}" for key, part in value.items()]
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, tuple):
        end = "," if len(value) == 1 else ""
        return f"({', '.join(map(_literal, value))}{end})"
    return repr(value)
