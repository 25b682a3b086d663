"""`models list` and `models show` as documents."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite

from rural_forecast.document.remark import Remark
from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.models.base import Model
from rural_forecast.text.wording import counted


def listing(models: Iterable[Model]) -> Document:
    """One row a model."""
    columns = (
        Column("model", "Model"),
        Column("title", "Title"),
        Column("role", "Role"),
        Column("min_points", "Fewest points", "integer"),
        Column("spreadsheet", "Spreadsheet"),
        Column("reference", "Reference"),
    )
    rows = tuple((m.name, m.title, m.role, m.min_points, m.spreadsheet or None, m.reference) for m in models)
    return Document(
        command="models list",
        records=Table(columns, rows),
        title="Models",
        sections=(Table(columns[:-1], tuple(row[:-1] for row in rows)),),
        notes=(
            Remark(
                "Members have a weight in the consensus; curves join once a ceiling is stated; opinions have none.",
                code="roles",
            ),
            Remark(
                "'rural-forecast models show NAME' gives formula, parameters, assumptions and reference.", code="show"
            ),
        ),
    )


def one(model: Model) -> Document:
    """One model: a row a parameter for machines, the facts above it for people."""
    bounds = [bound for p in model.parameters for bound in (p.lower, p.upper) if isfinite(bound)]
    digits = max((len(f"{bound:g}".partition(".")[2]) for bound in bounds), default=0)
    columns = (
        Column("model", "Model"),
        Column("parameter", "Parameter"),
        Column("meaning", "Meaning"),
        Column("unit", "Unit"),
        Column("lower", "From", "number", digits),
        Column("upper", "To", "number", digits),
    )
    rows: list[tuple[Cell, ...]] = [
        (model.name, p.name, p.meaning, p.unit or None, _finite(p.lower), _finite(p.upper)) for p in model.parameters
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
    parameters = Table(columns[1:], tuple(row[1:] for row in rows), title="Parameters")
    return Document(
        command="models show",
        records=Table(columns, tuple(rows)),
        title=f"{model.title} ({model.name})",
        subtitle=f"Role: {model.role}",
        summary=facts,
        sections=(parameters,) if rows else (Table((), ()),),
    )


def _finite(bound: float) -> float | None:
    return bound if isfinite(bound) else None
