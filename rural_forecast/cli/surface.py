"""The command surface as data, read from the commands themselves.

Programs get it from `spec`; the manual page and the reference are written from it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rural_forecast.cli import environment, tree
from rural_forecast.cli.parameters import CommandParameter, type_name
from rural_forecast.errors import CODES
from rural_forecast.render import formats
from rural_forecast.render.schemas import schema
from rural_forecast.version import __version__

_ONLY_WITH = {"backtest-detail": "--detail", "chances": "--target", "model-parameters": "NAME"}
"""The row sets that a command gives with an option alone."""
_NOTHING: tuple[Any, ...] = (None, (), [], False, "")
"""Values of fields that do not apply to a parameter."""


def surface() -> dict[str, Any]:
    """Describe commands with arguments, options and rows; formats, exit codes and variables."""
    of_commands = row_sets()
    return {
        "program": tree.PROGRAM,
        "version": __version__,
        "summary": tree.ABOUT[""],
        "options": [_described(option) | {"section": None} for option in tree.ROOT],
        "commands": [_command(path, of_commands.get(path, ())) for path, _ in tree.commands()],
        "formats": [_format(form) for form in formats.BY_NAME.values()],
        "errors": [{"code": code, "meaning": meaning} for code, meaning in CODES.items()],
        "exit_codes": [
            {"code": code, "meaning": meaning} for code, meaning in tree.EXIT_CODES.items()
        ],
        "environment": [
            {"name": name, "meaning": meaning} for name, meaning in environment.VARIABLES.items()
        ],
    }


def for_programs(paths: Collection[str]) -> dict[str, Any]:
    """Describe some commands with the schemas of their rows; fields that do not apply are left
    out.
    """
    whole = surface()
    commands = [command for command in whole["commands"] if command["name"] in paths]
    for command in commands:
        for kind in ("options", "arguments"):
            own = [one for one in command[kind] if "--help" not in one["names"]]
            command[kind] = [_without_empty(parameter) for parameter in own]
    names = dict.fromkeys(rows["schema"] for command in commands for rows in command["rows"])
    return {
        **whole,
        "commands": commands,
        "row_schemas": {name: schema(name) for name in names},
        "error_schema": schema("error"),
    }


def brief(paths: Collection[str]) -> dict[str, Any]:
    """Describe all that typing some commands takes, in as few characters as that needs."""
    whole = surface()
    commands = {one["name"]: one for one in whole["commands"] if one["name"] in paths}
    return {
        "commands": {name: _in_brief(command) for name, command in commands.items()},
        "exit_codes": {str(one["code"]): one["meaning"] for one in whole["exit_codes"]},
    }


def _in_brief(command: dict[str, Any]) -> dict[str, Any]:
    rows = {}
    for one in command["rows"]:
        needed = f" (with {one['only_with']})" if one["only_with"] else ""
        rows[one["schema"] + needed] = " ".join(one["columns"])
    options = [one for one in command["options"] if "--help" not in one["names"]]
    return {
        "help": command["help"],
        "usage": command["usage"],
        "arguments": {one["metavar"]: _meaning(one) for one in command["arguments"]},
        "options": {_typed(one): _meaning(one) for one in options},
        "formats": " ".join(command["formats"]),
        "rows": rows,
        "examples": list(command["examples"]),
    }


def _typed(option: dict[str, Any]) -> str:
    """Write an option as it is typed, with the name of its value."""
    names = ", ".join(option["names"])
    return f"{names} {option['metavar']}" if option["metavar"] else names


def _meaning(parameter: dict[str, Any]) -> str:
    """Write all that is to know of a parameter as sentences, without what its value's name says."""
    sentences = [str(parameter["help"])]
    if parameter["type"] in ("integer", "number"):
        sentences.append(f"{parameter['type'].capitalize()}{_bounds(parameter)}.")
    if parameter["repeatable"] and "repeat" not in parameter["help"]:
        sentences.append("Repeatable.")
    words = f"{parameter['metavar']} {parameter['help']}"
    if not all(choice in words for choice in parameter["choices"]):
        sentences.append(f"One of {' '.join(parameter['choices'])}.")
    if parameter["required"]:
        sentences.append("Required.")
    if parameter["default"] not in _NOTHING:
        sentences.append(f"Default {parameter['default']}.")
    elif parameter["left_out"]:
        sentences.append(f"Default: {parameter['left_out']}.")
    if parameter["variable"] and parameter["variable"] != parameter["left_out"]:
        sentences.append(f"{parameter['variable']} sets it too.")
    sentences += [f"It {problem}." for problem in parameter["applies"]]
    if parameter["requires"]:
        sentences.append(f"Needs {_listed(parameter['requires'])}.")
    if parameter["excludes"]:
        sentences.append(f"Excludes {_listed(parameter['excludes'])}.")
    return " ".join(sentences)


def _bounds(parameter: dict[str, Any]) -> str:
    least = parameter["least"]
    most = parameter["most"]
    if least is not None and most is not None:
        return f", {least} to {most}"
    if least is not None:
        return f", {least} or more"
    return "" if most is None else f", {most} or less"


def _listed(needs: list[Any]) -> str:
    return ", ".join(map(str, needs))


def _without_empty(parameter: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in parameter.items() if value not in _NOTHING}


def _format(form: formats.Format) -> dict[str, Any]:
    return {
        "name": form.name,
        "suffixes": form.suffixes,
        "extra": form.extra,
        "for_files": form.for_files,
    }


def _command(path: str, row_sets: tuple[str, ...]) -> dict[str, Any]:
    command = tree.load(path)
    parameters = command.parameters
    return {
        "name": path,
        "summary": command.about.partition(".")[0],
        "help": command.about,
        "usage": f"{tree.PROGRAM} {path} {command.usage}",
        "arguments": [_described(one) for one in parameters.values() if one.is_argument],
        "options": [_described(one) for one in parameters.values() if not one.is_argument],
        "formats": parameters["format_name"].choices if "format_name" in parameters else (),
        "rows": [_row_set(name) for name in row_sets],
        "examples": command.examples,
    }


def _row_set(name: str) -> dict[str, Any]:
    return {
        "schema": name,
        "columns": list(schema(name)["properties"]),
        "only_with": _ONLY_WITH.get(name),
    }


def _described(parameter: CommandParameter) -> dict[str, Any]:
    """Describe an argument or option; `left_out` says what happens without it."""
    required = parameter.default is ...
    left_out = parameter.left_out or None
    if left_out is None and parameter.default is None:
        left_out = parameter.variable
    conditions = [need for need in parameter.needs if not need.requires and not need.excludes]
    return {
        "names": parameter.names,
        "metavar": None if parameter.is_flag else parameter.value_name,
        "flag": parameter.is_flag,
        "repeatable": parameter.several,
        "help": parameter.meaning,
        "section": None if parameter.is_argument else parameter.section,
        "choices": parameter.choices,
        "least": parameter.least,
        "most": parameter.most,
        "required": required,
        "default": None if required else parameter.default,
        "left_out": left_out,
        "type": type_name(parameter),
        "variable": parameter.variable,
        "requires": [need.requires for need in parameter.needs if need.requires],
        "excludes": [need.excludes for need in parameter.needs if need.excludes],
        "applies": [need.problem for need in conditions],
    }


def row_sets() -> dict[str, tuple[str, ...]]:
    """Give the row sets of each command, as the schema of documents states them."""
    by_command: dict[str, tuple[str, ...]] = {}
    for rule in schema("document")["allOf"]:
        condition = rule["if"]["properties"]["command"]
        items = rule["then"]["properties"]["rows"]["items"]
        names = tuple(item["$ref"].rpartition(":")[2] for item in items.get("anyOf", (items,)))
        for name in condition.get("enum") or (condition["const"],):
            command = name.partition(" --")[0]
            by_command[command] = by_command.get(command, ()) + names
    return by_command
