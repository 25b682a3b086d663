"""Words for agents: an answer in some lines, and hints that name tools and their arguments."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from rural_forecast.cli.agents.answers import Answer
from rural_forecast.cli.agents.schemas import parameters_of
from rural_forecast.cli.agents.tools import TOOLS, Tool
from rural_forecast.text.cells import encodable
from rural_forecast.views.chances import share

_MOST_SAID = 20  # rows in words, as many as there are models
_MOST_NAMED = 8  # series in words


def in_words(reply: Answer, *, failed: bool) -> str:
    """Say an answer in some lines, for programs that show no structured content."""
    if failed:
        error = reply["error"]
        return encodable(f"{error['message']} {error.get('hint') or ''}".strip())
    if "script" in reply:
        return encodable(reply["script"])
    common = reply.get("common", {})
    forecast = reply.get("figures", {}).get("forecast", [])
    rows = [{**common, **row} for row in reply["rows"]]
    units = {series.get("unit", "") for series in reply["series"]}
    unit = units.pop() if len(units) == 1 else ""
    lines = [_row_in_words(row, common, unit) for row in rows[:_MOST_SAID]]
    lines += [_row_in_words(row, {}, unit) for row in forecast]
    if not lines:
        lines.append(_nothing(reply["series"]))
    more = max(len(rows) - _MOST_SAID, 0) + reply.get("more_rows", 0)
    if rows and more > 0:
        lines.append(f"{more} more rows.")
    if "kept" in reply:
        lines.append(f"Kept: {reply['kept']}")
    lines += [f"Warning: {note['text']}" for note in reply["notes"] if note.get("warning")]
    return encodable("\n".join(lines))


def _nothing(series: Sequence[Mapping[str, Any]]) -> str:
    """Say that there are no rows, and of which series."""
    names = [str(one.get("id", "")) for one in series[:_MOST_NAMED]]
    if not names:
        return "No rows."
    rest = ", and others" if len(series) > _MOST_NAMED else ""
    return f"No rows. Series: {', '.join(names)}{rest}."


def _row_in_words(row: Mapping[str, Any], common: Mapping[str, Any], unit: str) -> str:
    """Say a row: a finding, a series, a chance, a value of a year, or all cells of its own."""
    own = {key: value for key, value in row.items() if key not in common}
    if "text" in row:
        line = f", line {row['line']}" if "line" in row else ""
        return f"{row.get('severity', 'finding')}{line}: {row['text']}"
    if "title" in row:
        years = f"{row['first']} to {row['last']}" if "first" in row else "no years"
        return f"{row['series_id']}: {row['title']}, {row.get('unit', 'no unit')}, {years}"
    if "chance_by" in row:
        amount = f"{row['target']:g} {unit}".rstrip()
        return (
            f"{row['period']}: chance of {amount} or more {share(row['chance'])}, "
            f"of having been there by then {share(row['chance_by'])}"
        )
    if "actual" in row:
        forecast = _value_in_words(row, row["forecast"], unit)
        return f"{row['author']} {row['period']}: {row['actual']:g} came, forecast {forecast}"
    if "step" in row:
        value = _value_in_words(row, row["value"], unit)
        return f"{row['step']}, {row.get('detail', '')}: {value}".replace(", :", ":")
    if "value" not in row or "period" not in row:
        return ", ".join(f"{key} {value}" for key, value in own.items())
    label = " ".join(str(own[key]) for key in ("model", "item", "argument") if key in own)
    return f"{label} {row['period']}: {_value_in_words(row, row['value'], unit)}".strip()


def _value_in_words(row: Mapping[str, Any], value: float, unit: str) -> str:
    """Say a value with its unit and range."""
    amount = f"{value:g} {row.get('unit', unit)}".rstrip()
    if "lower_80" not in row:
        return amount
    return f"{amount} (80 %: {row['lower_80']:g} to {row['upper_80']:g})"


def sendable(reply: Answer) -> Answer:
    """Make an answer one that the protocol can send.

    A name whose bytes are no UTF-8 has half surrogate pairs, which it cannot.
    """
    answer: Answer = json.loads(encodable(json.dumps(reply, ensure_ascii=False)))
    return answer


def as_tool(name: str, source: str, options: Mapping[str, object]) -> str:
    """Spell a command as the tool that carries it out; empty where the server has none."""
    by_command = {tool.command: tool_name for tool_name, tool in TOOLS.items()}
    if name not in by_command:
        return ""
    arguments = [f"source={source!r}"] if source else []
    arguments += [as_argument(argument, value) for argument, value in options.items()]
    tool = by_command[name]
    return f"{tool} with {', '.join(arguments)}" if arguments else tool


_VALUE = r"""(?:,(?=\.)|'[^']*'|"[^"]*"|[^\s'",;]+(?:,[^\s'",;]+)*)"""
_TYPED = re.compile(
    # An option that is advised, or refused, with its value
    rf"(?:(?<=Write it as )|^)--(?P<stated>[a-z][a-z-]*) (?P<word>{_VALUE})(?=\.?$|, | is not )"
    # Any other, with what follows if that is no word of the sentence
    rf"|(?<![\w-])--(?P<name>[a-z][a-z-]*)(?: (?P<value>(?=[^\s]*[\d=\"'A-Z]){_VALUE}))?"
)
"""Options in a sentence of the command line."""


def as_asked(text: str, tool: Tool) -> str:
    """Write the options in a sentence of the command line as arguments of a tool."""
    labels = {parameter.label: name for name, parameter in parameters_of(tool).items()}

    def argument(match: re.Match[str]) -> str:
        label = f"--{match['stated'] or match['name']}"
        name = labels.get(label, label.removeprefix("--").replace("-", "_"))
        value = match["word"] or match["value"]
        if value is None:
            return name
        end = "." if value.endswith(".") and not value.endswith("..") else ""
        return as_argument(name, _read(value.removesuffix(end))) + end

    return _TYPED.sub(argument, text)


def _read(value: str) -> object:
    """Read a value as it is typed: a number, several, or a text."""
    quoted = re.fullmatch(r"""(['"])(.*)\1""", value)
    if quoted:
        return quoted[2]
    with suppress(ValueError):
        return json.loads(f"[{value}]" if "," in value else value)
    return value


_ARGUMENTS = {
    "series_id": "series",
    "models": "model",
    "levels": "level",
    "weights": "weight",
    "targets": "target",
}
"""The arguments of the tools whose name in Python is another one."""


def as_argument(name: str, value: object = None) -> str:
    """Spell an argument of the Python API as one of a tool."""
    name = _ARGUMENTS.get(name, name)
    if isinstance(value, dict):
        value = ",".join(f"{key}={one}" for key, one in value.items())
    if isinstance(value, bool):
        return f"{name}={json.dumps(value)}"
    return name if value is None else f"{name}={value!r}"
