"""`models`: all of them in a row each, or one with its parameters."""

from collections.abc import Iterable
from math import isfinite

from rural_forecast.document.table import Column, Document, Table
from rural_forecast.models.base import Model
from rural_forecast.notes import Note
from rural_forecast.text.wording import counted
from rural_forecast.views.table import tabulated


def models(every: Iterable[Model]) -> Document:
    """List models: one row each."""
    records = tabulated(
        every,
        (Column("model", "Model"), lambda model: model.name),
        Column("title", "Title"),
        Column("role", "Role"),
        (Column("min_points", "Points", "integer"), lambda model: model.min_points),
        (Column("spreadsheet", "Spreadsheet"), lambda model: model.spreadsheet or None),
        Column("reference", "Reference"),
    )
    roles = (
        "Members have a weight in the consensus; curves join once a ceiling is stated; "
        "opinions have none."
    )
    show = "'rural-forecast models NAME' gives formula, parameters, assumptions and reference."
    return Document(
        "models",
        records,
        f"{len(records.rows)} models",
        sections=(records.without("spreadsheet", "reference"),),
        notes=(Note("roles", roles), Note("show", show)),
    )


def one_model(model: Model) -> Document:
    """Show one model: a row a parameter for machines, the facts above it for people."""
    records = _parameters(model)
    positive = ", all positive" if model.positive else ""
    ceiling = ", and a stated ceiling (--ceiling A..B)" if model.role == "curve" else ""
    summary = (
        f"Formula: {model.formula}",
        f"Assumes: {model.assumes}",
        f"Needs: {counted(model.min_points, 'point')} or more{positive}{ceiling}.",
        f"Reference: {model.reference}",
        f"Spreadsheet: {model.spreadsheet}" if model.spreadsheet else "",
    )
    section = Table((), ())
    if model.parameters:
        section = records.without("model")._replace(title="Parameters")
    return Document(
        "models",
        records,
        f"{model.title} ({model.name})",
        about=(f"Role: {model.role}",),
        summary=summary,
        sections=(section,),
    )


def _parameters(model: Model) -> Table:
    """Tabulate the parameters of a model, all bounds with the decimals of the finest one."""
    rows = []
    decimals = 0
    for parameter in model.parameters:
        bounds = [
            bound if isfinite(bound) else None for bound in (parameter.lower, parameter.upper)
        ]
        for bound in bounds:
            if bound is not None:
                decimals = max(decimals, len(f"{bound:g}".partition(".")[2]))
        unit = parameter.unit or None
        rows.append((model.name, parameter.name, parameter.meaning, unit, *bounds))
    columns = (
        Column("model", "Model"),
        Column("parameter", "Parameter"),
        Column("meaning", "Meaning"),
        Column("unit", "Unit"),
        Column("lower", "From", "number", decimals),
        Column("upper", "To", "number", decimals),
    )
    return Table(columns, tuple(rows))
