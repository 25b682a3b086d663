"""What the corpus says, as sections of a report: what series like this one did next, and how the models fared."""

from __future__ import annotations

from rural_forecast.document import Column, Table
from rural_forecast.forecasting import evidence
from rural_forecast.models.base import Array
from rural_forecast.page import Section
from rural_forecast.views.pictures.fan import name_of


def series_like(values: Array, horizon: int) -> Section | None:
    """Annual growth of corpus series of like length, growth and dispersion; None where none is known."""
    like = evidence.series_like(values, horizon)
    if like is None:
        return None
    rows = tuple((one.horizon, one.series, *one.growth_pct) for one in like.next if one.growth_pct is not None)
    if not rows:
        return None
    shares = [f"{100 * share:.0f} % grew less than" for share in evidence.SHARES]
    shares[2] = "half grew less than"
    columns = (
        Column("horizon", "Years ahead", "integer"),
        Column("series", "Series", "integer"),
        *(Column(f"q{place}", name, "percent", 1, sign=True) for place, name in enumerate(shares)),
    )
    prose = f"Series of the corpus like this one ({like.length}, {like.growth}, {like.dispersion}), growth a year:"
    return Section(
        "What series like this one did next", (prose,), tables=(Table(columns, rows, title="The outside view"),)
    )


def record(values: Array, horizon: int) -> Section | None:
    """Error and coverage of the consensus and its members on corpus series like this one at the target's distance."""
    far = min(horizon, 10)
    found = [evidence.corpus_record(values, model, far) for model in evidence.RECORDED]
    rows: list[tuple[str, int, float, float, float, float]] = [
        (name_of(one.model), one.windows, one.smape, one.naive_smape, 100 * one.coverage_80, 100 * one.coverage_95)
        for one in found
        if one is not None
    ]
    if not rows:
        return None
    columns = (
        Column("model", "Model"),
        Column("windows", "Forecasts", "integer"),
        Column("smape", "sMAPE", "number", 1),
        Column("naive_smape", "Last value's", "number", 1),
        Column("coverage_80", "In 80 %", "percent", 0),
        Column("coverage_95", "In 95 %", "percent", 0),
    )
    years = "1 year" if far == 1 else f"{far} years"
    prose = f"On corpus series of like length and growth, {years} ahead. The series of this report are not among them."
    return Section(
        "Record on series like this one", (prose,), tables=(Table(columns, tuple(rows), title="Corpus record"),)
    )
