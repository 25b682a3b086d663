"""The pages of rows and schemas, models, exit codes and environment variables, from where the code
states them.
"""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import Any

from docs.generator.tables import BY_HAND, code, table
from rural_forecast import errors
from rural_forecast.cli import tree
from rural_forecast.cli.environment import VARIABLES
from rural_forecast.forecasting.registry import MODELS
from rural_forecast.models.base import Model
from rural_forecast.render.schemas import NAMES, ROW_SETS, schema

_DOI = re.compile(r"DOI (10\.\S+?)(?=[;,]?(?:\s|$))")
_BOUND = re.compile(r"(lower|upper)_[0-9]+")
_ROLES = {
    "member": "has a weight in the consensus",
    "curve": "joins the consensus once a ceiling is stated (`--ceiling A..B`)",
    "opinion": "is shown next to the consensus and has no weight in it",
}


def pages() -> dict[str, str]:
    """Pages, and the schemas to download, by their place under `docs/`."""
    schemas = {
        f"reference/schemas/{name}.schema.json": json.dumps(schema(name), indent=2) + "\n"
        for name in NAMES
    }
    return {
        "reference/rows.md": _rows(),
        "reference/models.md": _models(),
        "reference/exit-codes.md": _exit_codes(),
        "reference/environment.md": _environment(),
        **schemas,
    }


def _rows() -> str:
    sections = "\n".join(_row_set(name) for name in ROW_SETS)
    return (
        f"{BY_HAND}# Rows and schemas\n\n"
        "Machine formats hold raw numbers, with the unit in a column of its own, and the same "
        "columns in csv, tsv, ndjson, parquet, and under `rows` in json. What has no value is "
        "empty in csv and `null` in json. Names, order and meaning of the columns are stable "
        "within a major version; columns may be added at the end. Bounds follow `--level`: "
        "`--level 90` gives `lower_90` and `upper_90` in place of the four below.\n\n"
        "Each row set has a JSON Schema (draft 2020-12), which ships with the package: "
        '`rural_forecast.render.schemas.schema("forecast")` in [Python](python.md#schemas).\n\n'
        f"{sections}\n{_document()}"
    )


def _row_set(name: str) -> str:
    shape = schema(name)
    return (
        f"## {name}\n\n{shape['title']}. {shape.get('description', '')}\n\n{_columns(shape)}\n"
        f"[{name}.schema.json](schemas/{name}.schema.json)\n"
    )


def _columns(shape: dict[str, Any]) -> str:
    optional = {
        name
        for name in shape["properties"]
        if name not in shape.get("required", ()) and not _BOUND.match(name)
    }
    rows = []
    for name, one in shape["properties"].items():
        meaning = one.get("description", "")
        if name in optional:
            meaning += " Not always there."
        rows.append((code(name), _type(one), meaning))
    return table(("column", "type", "meaning"), rows)


def _type(one: dict[str, Any]) -> str:
    if "enum" in one:
        return ", ".join(code(str(value)) if value is not None else "null" for value in one["enum"])
    if "const" in one:
        return code(str(one["const"]))
    types = one.get("type", "")
    return " or ".join([types] if isinstance(types, str) else types)


def _document() -> str:
    return (
        "## document\n\nWhat `--format json` writes: one object.\n\n"
        f"{_columns(schema('document'))}\n"
        "[document.schema.json](schemas/document.schema.json), with all row sets\n\n"
        "An error is an object of its own, on standard error: see [exit codes and "
        "errors](exit-codes.md).\n"
    )


def _models() -> str:
    overview = [
        (f"[`{one.name}`](#{one.name})", one.title, one.role, str(one.min_points), one.spreadsheet)
        for one in MODELS
    ]
    roles = "".join(f"- **{role}**: {meaning}.\n" for role, meaning in _ROLES.items())
    sections = "\n".join(_model(one) for one in MODELS)
    return (
        f"{BY_HAND}# Models\n\nIn formulas, y[1] to y[n] are the values, h the periods ahead, log "
        "is natural. A model that cannot be used on a series abstains and gives the reason; no "
        "other model takes its name.\n\n"
        f"{roles}\n{table(('model', 'title', 'role', 'fewest points', 'spreadsheet'), overview)}\n"
        f"{sections}"
    )


def _model(one: Model) -> str:
    needs = f"{one.min_points} {'point' if one.min_points == 1 else 'points'} or more"
    if one.positive:
        needs += ", all positive"
    if one.role == "curve":
        needs += ", and a stated ceiling"
    parameters = [
        (code(p.name), p.meaning, p.unit, _bound(p.lower), _bound(p.upper)) for p in one.parameters
    ]
    reference = _DOI.sub(r"[DOI \1](https://doi.org/\1)", one.reference)
    listed = table(("parameter", "meaning", "unit", "from", "to"), parameters) if parameters else ""
    return (
        f"## {one.name}\n\n{one.title}, {'an' if one.role == 'opinion' else 'a'} {one.role}.\n\n"
        f"`{one.formula}`\n\n"
        f"- Assumes: {one.assumes}.\n- Needs: {needs}.\n- Reference: {reference}.\n"
        + (f"- Spreadsheet: {one.spreadsheet}.\n" if one.spreadsheet else "")
        + (f"\n{listed}" if listed else "")
    )


def _bound(value: float) -> str:
    return f"{value:g}" if isfinite(value) else ""


def _exit_codes() -> str:
    rows = [(code(str(number)), meaning) for number, meaning in tree.EXIT_CODES.items()]
    kinds = [(code(name), meaning) for name, meaning in errors.CODES.items()]
    return (
        f"{BY_HAND}# Exit codes and errors\n\n{table(('exit code', 'meaning'), rows)}\n"
        "A closed pipe (`| head`) is no error: the program ends silently with 0. Standard output "
        "holds data only. Messages go to standard error: one sentence that says what is wrong, and "
        "a hint that says what to do.\n\n"
        '```console\n$ rural-forecast project nowhere.csv; echo "exit code $?"\n```\n\n'
        "With `--format json` or `ndjson` the error is one JSON object on standard error:\n\n"
        "```console\n$ rural-forecast project nowhere.csv --format json\n```\n\n"
        f"{_columns(schema('error'))}\nThe kinds of errors:\n\n"
        f"{table(('code', 'meaning'), kinds)}\n"
        "[error.schema.json](schemas/error.schema.json)\n\n"
        "In Python each is an exception with the same "
        "`code`, `hint`, `exit_code`, `place` and `value`, see [errors](python.md#errors).\n"
    )


def _environment() -> str:
    rows = [(code(name), meaning) for name, meaning in VARIABLES.items()]
    return (
        f"{BY_HAND}# Environment variables\n\nThere is no configuration file. These variables are "
        "heeded:\n\n"
        f"{table(('variable', 'meaning'), rows)}\n"
        "`--color always|never` goes before all of them. A catalogue of your own is described "
        "under [the catalogue](../../data/README.md#your-own-markets).\n"
    )
