"""Words for agents: an answer in some lines, and hints that name tools and their arguments."""

from __future__ import annotations

import json
from collections.abc import Mapping

from rural_forecast.cli.agents.answers import Answer
from rural_forecast.cli.agents.tools import TOOLS
from rural_forecast.text.cells import encodable

_MOST_SAID = 12  # rows in words


def in_words(reply: Answer, *, failed: bool) -> str:
    """Say an answer in a line or two, for programs that show no structured content."""
    if failed:
        error = reply["error"]
        return encodable(f"{error['message']} {error.get('hint') or ''}".strip())
    if "script" in reply:
        return encodable(reply["script"])
    lines = []
    unit = reply.get("common", {}).get("unit", "")
    for row in reply["rows"][:_MOST_SAID]:
        if "value" not in row or "period" not in row:
            break
        label = " ".join(str(row[key]) for key in ("model", "item", "argument") if key in row)
        bounds = ""
        if "lower_80" in row:
            bounds = f" (80 %: {row['lower_80']:g} to {row['upper_80']:g})"
        lines.append(f"{label} {row['period']}: {row['value']:g} {unit}{bounds}".strip())
    if not lines:
        lines.append(f"{len(reply['rows'])} rows.")
    lines += [f"Warning: {note['text']}" for note in reply["notes"] if note.get("warning")]
    return encodable("\n".join(lines))


def sendable(reply: Answer) -> Answer:
    """Make an answer one that the protocol can send.

    A name whose bytes are no UTF-8 has half surrogate pairs, which it cannot.
    """
    answer: Answer = json.loads(encodable(json.dumps(reply, ensure_ascii=False)))
    return answer


def as_tool(name: str, source: str, options: Mapping[str, object]) -> str:
    """Spell a command as the tool that carries it out."""
    by_command = {tool.command: tool_name for tool_name, tool in TOOLS.items()}
    name = by_command.get(name, name)
    arguments = [f"source={source!r}"] if source else []
    arguments += [as_argument(argument, value) for argument, value in options.items()]
    return f"{name} with {', '.join(arguments)}" if arguments else name


def as_argument(name: str, value: object = None) -> str:
    """Spell an argument of the Python API as one of a tool."""
    name = {"series_id": "series", "models": "model", "levels": "level"}.get(name, name)
    return name if value is None else f"{name}={value!r}"
