"""`models` as documents: all of them, or one."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite

from rural_forecast.document.table import Column, Document, Remark, Table
from rural_forecast.models.base import Model, Parameter
from rural_forecast.text.wording import counted
from rural_forecast.views.table import Field, tabulated


def listing(models: Iterable[Model]) -> Document:
    """One row a model."""
    models = tuple(models)
    fields: list[Field[Model]] = [
        (Column("model", "Model"), lambda model: model.name),
        (Column("title", "Title"), lambda model: model.title),
        (Column("role", "Role"), lambda model: model.role),
        (Column("min_points", "Points", "integer"), lambda model: model.min_points),
        (Column("spreadsheet", "Spreadsheet"), lambda model: model.spreadsheet or None),
        (Column("reference", "Reference"), lambda model: model.reference),
    ]
    roles = "Members have a weight in the consensus; curves join once a ceiling is stated; opinions have none."
    show = "'rural-forecast models NAME' gives formula, parameters, assumptions and reference."
    function: Field[Model] = (
        Column("spreadsheet", "Spreadsheet"),
        lambda model: model.spreadsheet.partition(" ")[0].rstrip(","),
    )
    shown, notes = tabulated(models, *fields[:4], function), (Remark(roles, code="roles"), Remark(show, code="show"))
    return Document("models", tabulated(models, *fields), f"{len(models)} models", sections=(shown,), notes=notes)


def one(model: Model) -> Document:
    """One model: a row a parameter for machines, the facts above it for people."""
    bounds = [bound for p in model.parameters for bound in (p.lower, p.upper) if isfinite(bound)]
    digits = max((len(f"{bound:g}".partition(".")[2]) for bound in bounds), default=0)
    fields: list[Field[Parameter]] = [
        (Column("model", "Model"), lambda _: model.name),
        (Column("parameter", "Parameter"), lambda parameter: parameter.name),
        (Column("meaning", "Meaning"), lambda parameter: parameter.meaning),
        (Column("unit", "Unit"), lambda parameter: parameter.unit or None),
        (Column("lower", "From", "number", digits), lambda parameter: _finite(parameter.lower)),
        (Column("upper", "To", "number", digits), lambda parameter: _finite(parameter.upper)),
    ]
    facts = (
        f"Formula: {model.formula}",
        f"Assumes: {model.assumes}",
        f"Needs: {counted(model.min_points, 'point')} or more"
        + (", all positive" if model.positive else "")
        + (", and a stated ceiling (--ceiling A..B)" if model.needs_ceiling else "")
        + ".",
        f"Reference: {model.reference}",
        *((f"Spreadsheet: {model.spreadsheet}",) if model.spreadsheet else ()),
    )
    parameters = tabulated(model.parameters, *fields[1:], title="Parameters")
    return Document(
        command="models",
        records=tabulated(model.parameters, *fields),
        title=f"{model.title} ({model.name})",
        about=(f"Role: {model.role}",),
        summary=facts,
        sections=(parameters,) if model.parameters else (Table((), ()),),
    )


def _finite(bound: float) -> float | None:
    return bound if isfinite(bound) else None
