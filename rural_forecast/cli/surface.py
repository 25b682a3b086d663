"""The command surface as data, for programs, the manual page and the reference, read from the command tree itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from inspect import signature
from typing import Any

import typer

from rural_forecast.cli import environment, tree
from rural_forecast.errors import CODES
from rural_forecast.render import formats
from rural_forecast.render.schemas import schema
from rural_forecast.version import __version__

_ONLY_WITH = {"backtest-detail": "--detail", "chances": "--target", "model-parameters": "NAME"}
"""Row sets that a command gives with an option alone."""


def surface() -> dict[str, Any]:
    """Program, commands with arguments, options and rows, formats, exit codes and environment variables."""
    program = tree.program()
    rows = _row_sets()
    return {
        "program": tree.PROGRAM,
        "version": __version__,
        "summary": program.help,
        "options": _parameters(program)[1],
        "commands": [_command(path, examples, rows.get(path, ())) for path, examples in tree.commands()],
        "formats": [
            {"name": form.name, "suffixes": form.suffixes, "extra": form.extra, "for_files": form.for_files}
            for form in formats.BY_NAME.values()
        ],
        "errors": [{"code": code, "meaning": meaning} for code, meaning in CODES.items()],
        "exit_codes": [{"code": code, "meaning": meaning} for code, meaning in tree.EXIT_CODES.items()],
        "environment": [{"name": name, "meaning": meaning} for name, meaning in environment.VARIABLES.items()],
    }


def for_programs(paths: Collection[str]) -> dict[str, Any]:
    """The surface of some commands with the schemas of their rows, without fields that do not apply to a parameter."""
    whole = surface()
    whole["commands"] = [one for one in whole["commands"] if one["name"] in paths]
    for one in whole["commands"]:
        for kind in ("options", "arguments"):
            one[kind] = [
                {name: value for name, value in parameter.items() if value not in (None, [], False, "")}
                for parameter in one[kind]
                if "--help" not in parameter["names"]
            ]
    names = dict.fromkeys(rows["schema"] for one in whole["commands"] for rows in one["rows"])
    return {**whole, "row_schemas": {name: schema(name) for name in names}, "error_schema": schema("error")}


def _command(path: str, examples: tuple[str, ...], rows: tuple[str, ...]) -> dict[str, Any]:
    command = tree.load(path)
    arguments, options = _parameters(command)
    return {
        "name": path,
        "summary": command.help.partition(".")[0],
        "help": command.help,
        "usage": " ".join([tree.PROGRAM, path, *command.collect_usage_pieces(typer.Context(command))]),
        "arguments": arguments,
        "options": options,
        "formats": next((option["choices"] for option in options if "--format" in option["names"]), []),
        "rows": [
            {"schema": name, "columns": list(schema(name)["properties"]), "only_with": _ONLY_WITH.get(name)}
            for name in rows
        ],
        "examples": examples,
    }


def _parameters(command: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Arguments and options; `left_out` says in words what happens without one."""
    context = typer.Context(command, **command.context_settings)
    declared = signature(command.callback).parameters
    found: dict[str, list[dict[str, Any]]] = {"argument": [], "option": []}
    for parameter in command.get_params(context):
        if getattr(parameter, "hidden", False):
            continue
        choices = list(getattr(getattr(parameter, "type_descriptor", None), "choices", None) or ())
        flag = bool(getattr(parameter, "is_flag", False))
        metavar = parameter.metavar or "|".join(choices) or parameter.name.upper()
        if parameter.param_type_name == "argument":
            metavar = metavar.removesuffix("...")  # Typer adds it where several are taken
        shown = parameter.show_default
        option = declared[parameter.name].default if parameter.name in declared else None
        needs = getattr(option, "needs", ())
        found[parameter.param_type_name].append(
            {
                "names": sorted((*parameter.opts, *parameter.secondary_opts), key=lambda name: (-len(name), name)),
                "metavar": None if flag else metavar,
                "flag": flag,
                "repeatable": getattr(parameter, "multiple", False) or parameter.nargs != 1,
                "help": parameter.help or "",
                "section": getattr(parameter, "rich_help_panel", None),
                "choices": choices,
                "least": getattr(parameter, "min", None),
                "most": getattr(parameter, "max", None),
                "required": parameter.required,
                "default": parameter.get_default(context, call=False),
                "left_out": shown if isinstance(shown, str) else None,
                "type": "flag" if flag else "choice" if choices else _type(declared, parameter.name),
                "variable": parameter.envvar,
                "requires": [need.requires for need in needs if need.requires],
                "excludes": [need.excludes for need in needs if need.excludes],
                "applies": [need.problem for need in needs if not need.requires and not need.excludes],
            }
        )
    return found["argument"], found["option"]


def _type(declared: Mapping[str, Any], name: str) -> str:
    """The type of a value: `integer`, `number`, `file` or `text`."""
    hint = str(declared[name].annotation) if name in declared else ""
    kinds = {"int": "integer", "float": "number", "Path": "file"}
    return next((kind for word, kind in kinds.items() if re.search(rf"\b{word}\b", hint)), "text")


def _row_sets() -> dict[str, tuple[str, ...]]:
    """The row sets of each command, from the schema of the document that holds them."""
    found: dict[str, tuple[str, ...]] = {}
    for rule in schema("document")["allOf"]:
        rule_for = rule["if"]["properties"]["command"]
        items = rule["then"]["properties"]["rows"]["items"]
        names = tuple(item["$ref"].rpartition(":")[2] for item in items.get("anyOf", (items,)))
        for name in rule_for.get("enum") or (rule_for["const"],):
            command = name.partition(" --")[0]
            found[command] = found.get(command, ()) + names
    return found
