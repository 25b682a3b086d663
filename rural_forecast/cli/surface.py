"""The command surface as data, for programs, the manual page and the reference, read from the
command tree itself.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from rural_forecast.cli import options, tree
from rural_forecast.cli.declare import Option
from rural_forecast.errors import CODES
from rural_forecast.render import formats
from rural_forecast.render.schemas import schema
from rural_forecast.version import __version__

_ONLY_WITH = {"backtest-detail": "--detail", "chances": "--target", "model-parameters": "NAME"}
"""Row sets that a command gives with an option alone."""


def surface() -> dict[str, Any]:
    """Program, commands with arguments, options and rows, formats, exit codes and environment
    variables.
    """
    rows = _row_sets()
    return {
        "program": tree.PROGRAM,
        "version": __version__,
        "summary": tree.ABOUT[""],
        "options": [{**_parameter(one), "section": None} for one in tree.ROOT],
        "commands": [_command(path, rows.get(path, ())) for path, _ in tree.commands()],
        "formats": [
            {
                "name": form.name,
                "suffixes": form.suffixes,
                "extra": form.extra,
                "for_files": form.for_files,
            }
            for form in formats.BY_NAME.values()
        ],
        "errors": [{"code": code, "meaning": meaning} for code, meaning in CODES.items()],
        "exit_codes": [
            {"code": code, "meaning": meaning} for code, meaning in tree.EXIT_CODES.items()
        ],
        "environment": [
            {"name": name, "meaning": meaning} for name, meaning in options.VARIABLES.items()
        ],
    }


def for_programs(paths: Collection[str]) -> dict[str, Any]:
    """The surface of some commands with the schemas of their rows, without fields that do not apply
    to a parameter.
    """
    whole = surface()
    whole["commands"] = [one for one in whole["commands"] if one["name"] in paths]
    for one in whole["commands"]:
        for kind in ("options", "arguments"):
            one[kind] = [
                {
                    name: value
                    for name, value in parameter.items()
                    if value not in (None, (), [], False, "")
                }
                for parameter in one[kind]
                if "--help" not in parameter["names"]
            ]
    names = dict.fromkeys(rows["schema"] for one in whole["commands"] for rows in one["rows"])
    return {
        **whole,
        "row_schemas": {name: schema(name) for name in names},
        "error_schema": schema("error"),
    }


def _command(path: str, rows: tuple[str, ...]) -> dict[str, Any]:
    command = tree.load(path)
    parameters = command.options.values()
    return {
        "name": path,
        "summary": command.about.partition(".")[0],
        "help": command.about,
        "usage": f"{tree.PROGRAM} {path} {command.usage}",
        "arguments": [_parameter(one) for one in parameters if one.is_argument],
        "options": [_parameter(one) for one in parameters if not one.is_argument],
        "formats": next((one.choices for one in parameters if "--format" in one.names), ()),
        "rows": [
            {
                "schema": name,
                "columns": list(schema(name)["properties"]),
                "only_with": _ONLY_WITH.get(name),
            }
            for name in rows
        ],
        "examples": command.examples,
    }


def _parameter(one: Option) -> dict[str, Any]:
    """An argument or option; `left_out` says in words what happens without it."""
    kinds = {bool: "flag", int: "integer", float: "number", Path: "file"}
    return {
        "names": one.names,
        "metavar": None if one.is_flag else one.takes,
        "flag": one.is_flag,
        "repeatable": one.several,
        "help": one.meaning,
        "section": None if one.is_argument else one.section or "Question",
        "choices": one.choices,
        "least": one.least,
        "most": one.most,
        "required": one.default is ...,
        "default": None if one.default is ... else one.default,
        "left_out": one.left_out or (one.variable if one.default is None else None),
        "type": "choice" if one.choices else kinds.get(one.kind, "text"),
        "variable": one.variable,
        "requires": [need.requires for need in one.needs if need.requires],
        "excludes": [need.excludes for need in one.needs if need.excludes],
        "applies": [need.problem for need in one.needs if not need.requires and not need.excludes],
    }


def _row_sets() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for rule in schema("document")["allOf"]:
        rule_for = rule["if"]["properties"]["command"]
        items = rule["then"]["properties"]["rows"]["items"]
        names = tuple(item["$ref"].rpartition(":")[2] for item in items.get("anyOf", (items,)))
        for name in rule_for.get("enum") or (rule_for["const"],):
            command = name.partition(" --")[0]
            found[command] = found.get(command, ()) + names
    return found
