"""The pages of the commands, from the command tree itself."""

from __future__ import annotations

from typing import Any

from docs.generator.tables import BY_HAND, code, table
from rural_forecast.cli.parameters import SECTIONS
from rural_forecast.cli.surface import surface
from rural_forecast.render.formats import FORMATS

SHOWN = {
    "project": "rural-forecast project --year 2018 --format csv | cut -d, -f2-7",
    "growth": (
        "rural-forecast growth consumption_national consumption_rural --until 2016 --format csv"
        " | cut -d, -f1-5"
    ),
    "precedents": (
        "rural-forecast precedents turnover --year 2018 --format csv | cut -d, -f2-5,8- | head -5"
    ),
    "nowcast": (
        "rural-forecast nowcast mofcom --year 2017 --until 2016 --format csv | cut -d, -f2-7"
    ),
    "scenario": (
        'rural-forecast scenario turnover --override 2018=700 --reason "regional plan"'
        " --format csv | cut -d, -f2-7"
    ),
    "chart": "rural-forecast chart consumption_percap_rural --since 2013",
    "compare": "rural-forecast compare turnover --year 2018 --format csv | cut -d, -f2-4,9-12"
    " | grep -v -e opinion -e aside",
    "backtest": "rural-forecast backtest mofcom --format csv | cut -d, -f2-7 | head -5",
    "size": (
        "rural-forecast size rural_online_retail --year 2026 --format csv | cut -d, -f1-4,9-10"
        " | head -8"
    ),
    "batch": "rural-forecast batch regions.csv --horizon 1 -q | cut -d, -f1-7",
    "score": "rural-forecast score kept.json --format table",
    "revise": "rural-forecast revise kept.json mofcom --format table",
    "spec": "rural-forecast spec guide | head -n 12",
    "mcp": "rural-forecast mcp -h",
    "triangulate": "rural-forecast triangulate mofcom --year 2028 --like online --format table",
    "series list": "rural-forecast series list shopping",
    "series show": (
        "rural-forecast series show rural_online_retail_mofcom --format csv | cut -d, -f2-8"
        " | head -5"
    ),
    "series read": (
        r"printf 'Sales by region\n\nRegion,2022,2023\nNorth,12,15\n'"
        " | rural-forecast series read -"
    ),
    "series check": (
        r"printf 'year,value\n2021,10\n2022,12\n2023,98\n2025,15\n'"
        " | rural-forecast series check - | head -3"
    ),
    "models": "rural-forecast models --format csv | cut -d, -f1-5 | grep -e role -e member",
}
"""The example of each command that is shown with its output; the first of its help, if it is not
here.
"""
BEFORE = {
    "batch": (
        r"printf 'id,year,value\nnorth,2022,52\nnorth,2023,60\nsouth,2022,8\nsouth,2023,9\n'"
        " > regions.csv"
    ),
    "panel": (
        r"printf 'region,year,value\nNorth,2022,52\nNorth,2023,60\nSouth,2022,8\nSouth,2023,9\n'"
        " > regions.csv"
    ),
    "score": "rural-forecast project mofcom --until 2021 --year 2025 -q -o kept.json",
    "revise": "rural-forecast project mofcom --until 2021 --year 2027 -q -o kept.json",
}
"""Lines to type first."""


def pages() -> dict[str, str]:
    """Pages by their place under `docs/`."""
    whole = surface()
    written = {"reference/commands.md": _overview(whole)}
    for command in whole["commands"]:
        written[f"reference/commands/{_slug(command['name'])}.md"] = _page(command)
    return written


def _slug(name: str) -> str:
    return name.replace(" ", "-")


def _overview(whole: dict[str, Any]) -> str:
    rows = [
        (f"[`{command['name']}`](commands/{_slug(command['name'])}.md)", f"{command['summary']}.")
        for command in whole["commands"]
    ]
    formats = [
        (
            code(one["name"]),
            ", ".join(map(code, one["suffixes"])),
            "a file (`-o`)" if one["for_files"] else "anywhere",
            code(one["extra"] or ""),
        )
        for one in whole["formats"]
    ]
    return (
        f"{BY_HAND}# Commands\n\n{whole['summary']}\n\n"
        f"{table(('command', 'does'), rows)}\n"
        "Left out, SOURCE is `rural_online_shopping_turnover`. `-h` after any command prints its "
        "main options, `--help` all of them. `man rural-forecast` has all of it on one page, where "
        "the environment is on `PATH`.\n\n"
        f"## Options before a command\n\n{_options(whole['options'])}\n"
        "## Formats\n\nThe default is `table` on a terminal and `csv` elsewhere; `-o FILE` takes "
        "it from the suffix. Tables are for people and may change; the others are described under "
        "[rows and schemas](rows.md).\n\n"
        f"{table(('format', 'suffixes', 'goes to', 'needs the extra'), formats)}"
    )


def _page(command: dict[str, Any]) -> str:
    name = command["name"]
    parts = [f"{BY_HAND}# {name}\n\n{command['help']}\n\n```text\n{command['usage']}\n```\n"]
    if command["arguments"]:
        rows = [
            (
                code(one["metavar"] + ("..." if one["repeatable"] else "")),
                _meaning(one),
                _left_out(one),
            )
            for one in command["arguments"]
        ]
        parts.append(f"## Arguments\n\n{table(('argument', 'meaning', 'left out'), rows)}")
    parts.append(_example(name, command["examples"]))
    for one in command["options"]:
        if "--format" in one["names"]:
            one["help"], one["choices"] = _formats(command["formats"])
    parts += [
        f"## {section}\n\n{_options(some)}"
        for section in SECTIONS
        if (
            some := [
                one
                for one in command["options"]
                if one["section"] == section and "--help" not in one["names"]
            ]
        )
    ]
    parts.append(_gives(command))
    return "\n".join(parts)


def _formats(known: list[str]) -> tuple[str, list[str]]:
    """List the formats of a command; those of rows are on one page, so that a new one changes that
    page alone.
    """
    if not set(FORMATS) <= set(known):
        return "Output format.", known
    others = "".join(f", {code(name)}" for name in known if name not in FORMATS)
    return f"Output format: one [of tables and rows](../commands.md#formats){others}.", []


def _example(name: str, examples: list[str]) -> str:
    before = [f"$ {BEFORE[name]}\n"] if name in BEFORE else []
    others = "".join(f"- `{example}`\n" for example in examples)
    return (
        f"## Examples\n\n```console\n{''.join(before)}$ {SHOWN.get(name, examples[0])}\n```\n\n"
        f"More to try:\n\n{others}"
    )


def _gives(command: dict[str, Any]) -> str:
    rows = [
        f"- [{one['schema']}](../rows.md#{one['schema']})"
        + (f" with `{one['only_with']}`" if one["only_with"] else "")
        + f": {', '.join(map(code, one['columns']))}\n"
        for one in command["rows"]
    ]
    listed = f"Rows of the machine formats:\n\n{''.join(rows)}\n" if rows else ""
    return (
        f"## What it gives\n\n{listed}Errors and exit codes are [the same for all "
        "commands](../exit-codes.md).\n"
    )


def _options(options: list[dict[str, Any]]) -> str:
    rows = [(_names(one), _meaning(one), _left_out(one)) for one in options]
    return table(("option", "meaning", "left out"), rows)


def _names(one: dict[str, Any]) -> str:
    value = "" if one["flag"] or one["choices"] else f" {one['metavar']}"
    return ", ".join(code(name + value * (place == 0)) for place, name in enumerate(one["names"]))


def _meaning(one: dict[str, Any]) -> str:
    bounds = (one["least"], one["most"])
    bound = f" From {bounds[0]} to {bounds[1]}." if None not in bounds else ""
    choices = f" One of {', '.join(map(code, one['choices']))}." if one["choices"] else ""
    return f"{one['help']}{bound}{choices}"


def _left_out(one: dict[str, Any]) -> str:
    if one.get("required"):
        return "must be given"
    default = one["default"]
    shown = code(str(default)) if default not in (None, False, "", []) else ""
    return one["left_out"] or shown
