"""The whole command surface as data: what the manual page and the reference are made from.

It walks the command tree itself, so it cannot differ from the program.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import typer

from rural_forecast.cli import tree
from rural_forecast.render import formats
from rural_forecast.render.format import Format
from rural_forecast.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

SPEC_VERSION = 1
"""Version of this form; it changes when a key is removed or changes meaning."""

_TAKES = {
    ("argument", "source"): ("file", "series"),
    ("argument", "file"): ("file",),
    ("argument", "name"): ("model",),
    ("argument", "model"): ("file", "sizing"),
    ("option", "model"): ("model",),
    ("option", "output"): ("file",),
    ("option", "file"): ("file", "scenarios"),
    ("option", "scenarios"): ("file", "scenarios"),
    ("option", "size"): ("file", "sizing"),
}
"""Which kinds of names a parameter takes, by its own kind and name."""
_FROM_CATALOGUE = {"series sources": {"source": ("series",)}}
"""Exceptions: parameters that take no file in one command."""
_ONLY_WITH = {"backtest-detail": "--detail", "targets": "--targets"}
"""Row sets that a command gives with an option alone."""
_TYPES: dict[Any, str] = {int: "integer", float: "number", bool: "boolean", str: "text", Path: "path"}


def spec(root_command: Callable[..., Any]) -> dict[str, Any]:
    """The surface, and the names that its parameters take."""
    found = surface(root_command)
    return {name: _values() if name == "values" else value for name, value in found.items()}


def surface(root_command: Callable[..., Any]) -> dict[str, Any]:
    """Program, commands with arguments, options and rows, formats, exit codes and environment variables.

    Needs no package but Typer, so that a wheel can be built with it.
    """
    from typer.main import get_command

    root: Any = get_command(tree.build(None, root_command))
    context = typer.Context(root, **root.context_settings)
    rows = _row_sets()
    return {
        "spec_version": SPEC_VERSION,
        "program": tree.PROGRAM,
        "version": __version__,
        "summary": root.help,
        "options": [_option(one, context) for one in root.get_params(context)],
        "groups": [{"name": name, "summary": root.commands[name].help} for name in tree.GROUPS],
        "commands": [_command(root, path, examples, rows.get(path, ())) for path, examples in tree.commands()],
        "values": [],
        "formats": [_format(one) for one in formats.BY_NAME.values()],
        "documents": {"json": "document.schema.json", "error": "error.schema.json"},
        "exit_codes": [{"code": code, "meaning": meaning} for code, meaning in tree.EXIT_CODES.items()],
        "environment": [{"name": name, "meaning": meaning} for name, meaning in tree.ENVIRONMENT.items()],
    }


def _command(root: TyperGroup, path: str, examples: tuple[str, ...], rows: tuple[str, ...]) -> dict[str, Any]:
    *group, name = path.split()
    home: Any = root.commands[group[0]] if group else root
    command: TyperCommand = home.commands[name]
    context = typer.Context(command, **command.context_settings)
    parameters: list[Any] = command.get_params(context)
    options = [_option(one, context) for one in parameters if one.param_type_name == "option"]
    arguments = [_argument(one, context) for one in parameters if one.param_type_name == "argument"]
    for one in arguments:
        one["takes"] = list(_FROM_CATALOGUE.get(path, {}).get(one["name"], one["takes"]))
    return {
        "name": path,
        "group": group[0] if group else None,
        "summary": command.short_help,
        "help": command.help,
        "usage": " ".join([tree.PROGRAM, path, *command.collect_usage_pieces(context)]),
        "arguments": arguments,
        "options": options,
        "formats": next(one["choices"] for one in options if "--format" in one["names"]),
        "rows": [_row_set(one) for one in rows],
        "examples": list(examples),
    }


def _argument(one: TyperArgument, context: typer.Context) -> dict[str, Any]:
    return {
        "name": one.name,
        "metavar": (one.metavar or one.name.upper()).removesuffix("..."),
        **_parameter(one, context, repeatable=one.nargs != 1),
    }


def _option(one: TyperOption, context: typer.Context) -> dict[str, Any]:
    flag = bool(getattr(one, "is_flag", False))
    choices = _choices(one)
    metavar = one.metavar or ("|".join(choices) if choices else one.name.upper())
    return {
        "names": sorted((*one.opts, *one.secondary_opts), key=lambda name: (-len(name), name)),
        "flag": flag,
        "metavar": None if flag else metavar,
        **_parameter(one, context, repeatable=one.multiple),
    }


def _parameter(one: TyperArgument | TyperOption, context: typer.Context, *, repeatable: bool) -> dict[str, Any]:
    """What arguments and options have in common; `left_out` says in words what happens without it."""
    annotation = getattr(getattr(one, "type_descriptor", None), "annotation", bool)
    kind = (get_args(annotation) or (annotation,))[0]
    default = one.get_default(context, call=False)
    return {
        "help": getattr(one, "help", None) or "",
        "type": "choice" if _choices(one) else _TYPES[kind],
        "choices": _choices(one),
        "least": getattr(one, "min", None),
        "most": getattr(one, "max", None),
        "takes": list(_TAKES.get((one.param_type_name, one.name), ())),
        "required": one.required,
        "repeatable": repeatable,
        "default": default,
        "left_out": one.show_default if isinstance(one.show_default, str) else None,
    }


def _choices(one: TyperArgument | TyperOption) -> list[str]:
    found = getattr(getattr(one, "type_descriptor", None), "choices", None) or ()
    return list(found)


def _values() -> list[dict[str, Any]]:
    """The kinds of names that parameters take, with the command that lists them or the names themselves."""
    from rural_forecast.forecasting.registry import MODELS
    from rural_forecast.scenarios import scenario_file
    from rural_forecast.sizing import model_file

    return [
        {"kind": "file", "meaning": "A file.", "listed_by": None, "names": []},
        {
            "kind": "series",
            "meaning": "Id or alias of a series of the catalogue.",
            "listed_by": f"{tree.PROGRAM} series list",
            "names": [],
        },
        {
            "kind": "model",
            "meaning": "Name of a model.",
            "listed_by": f"{tree.PROGRAM} models list",
            "names": [model.name for model in MODELS],
        },
        {
            "kind": "sizing",
            "meaning": "Name of a sizing model that ships.",
            "listed_by": None,
            "names": list(model_file.examples()),
        },
        {
            "kind": "scenarios",
            "meaning": "Name of a file of scenarios that ships.",
            "listed_by": None,
            "names": list(scenario_file.examples()),
        },
    ]


def _format(one: Format) -> dict[str, Any]:
    return {"name": one.name, "suffixes": list(one.suffixes), "extra": one.extra, "for_files": one.for_files}


def _row_sets() -> dict[str, tuple[str, ...]]:
    """The row sets of each command, from the schema of the document that holds them."""
    from rural_forecast.render.schemas import schema

    found: dict[str, tuple[str, ...]] = {}
    for rule in schema("document")["allOf"]:
        rule_for: Mapping[str, Any] = rule["if"]["properties"]["command"]
        items = rule["then"]["properties"]["rows"]["items"]
        names = tuple(one["$ref"].rpartition(":")[2] for one in items.get("anyOf", (items,)))
        for name in rule_for.get("enum") or (rule_for["const"],):
            command = name.partition(" --")[0]
            found[command] = found.get(command, ()) + names
    return found


def _row_set(name: str) -> dict[str, Any]:
    from rural_forecast.render.schemas import schema

    return {
        "schema": f"{name}.schema.json",
        "columns": list(schema(name)["properties"]),
        "only_with": _ONLY_WITH.get(name),
    }
