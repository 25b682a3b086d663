"""The notes of a sizing: what should make the reader look twice, what its author wrote, and how it was drawn."""

from __future__ import annotations

from collections.abc import Iterator

from rural_forecast.document.table import Remark
from rural_forecast.forecasting.paths import SIBLINGS
from rural_forecast.sizing.distributions import Distribution
from rural_forecast.sizing.result import Sizing
from rural_forecast.sizing.series_table import FromSeries
from rural_forecast.text.wording import advice, listed
from rural_forecast.views.notes import remarks

_LEARNED = "what series of one market did in real panels; a pair under correlations says otherwise"
AGREE = 0.2
"""Bottom-up and top-down should come within 20 % of each other."""
TOP_DOWN = frozenset({"learned_later", "growth", "conflict", "shared_values"})
"""Codes of notes on the top-down forecast that matter here, besides its warnings."""


def notes(result: Sizing) -> Iterator[Remark]:
    """Doubts first."""
    model = result.model
    for code, text in _doubts(result):
        yield Remark(text, code=code)
    described = [(driver.name, driver.note, "driver") for driver in model.drivers]
    described += [(name, formula.derived.note, "formula") for name, formula in model.formulas.items()]
    stated = (pair for pair in model.pairs if not {pair.first, pair.second} <= {*model.learned})
    pairs = [(f"{pair.first} and {pair.second} correlate at {pair.value:g}", pair.note) for pair in stated]
    if model.learned:
        pairs.append((f"{listed(model.learned)} correlate at {SIBLINGS:g}", _LEARNED))
    yield from (Remark(f"{name}: {note.rstrip('.')}.", code=code) for name, note, code in described if note)
    for text, note in pairs:
        yield Remark(f"{text}{f': {note}' if note else ''}".rstrip(".") + ".", code="correlation")
    for name, marginal in result.marginals.items():
        yield from remarks(note.about(name) for note in marginal.notes)
    if result.comparison and model.top_down:
        see = advice(f": rural-forecast project {model.top_down.value.source}") or " follows."
        yield Remark(f"What the top-down forecast rests on{see}", code="top_down")
        if result.from_above:
            serious = (note for note in result.from_above.notes if note.warning or note.code in TOP_DOWN)
            yield from remarks(note.about(result.comparison.series) for note in serious)
    if result.share_draws < result.draws:
        first = f"{result.share_draws:,} draws, for the model is large"
        yield Remark(f"Shares of the variance rest on the first {first}.", code="share_draws")
    yield Remark(
        f"{result.draws:,} draws, seed {result.seed}. A range a..b is a 90 % interval. "
        "Intervals hold what the drivers leave open, not a wrong formula.",
        code="draws",
    )


def _doubts(result: Sizing) -> Iterator[tuple[str, str]]:
    """What should make the reader look twice."""
    model, comparison = result.model, result.comparison
    if comparison and (ratio := comparison.ratio[-1]) and not 1 - AGREE <= ratio.value <= 1 / (1 - AGREE):
        text = (
            f"Bottom-up and top-down differ by more than {100 * AGREE:.0f} %: look again at the drivers, and at "
            f"whether {comparison.stage} and {comparison.series} mean the same market."
        )
        yield "sides_differ", text
    used = frozenset[str]().union(*(model.formulas[stage.name].uses for stage in result.stages))
    if idle := [driver.name for driver in model.drivers if driver.name not in used]:
        yield "unused_drivers", f"In no formula of a stage: {', '.join(idle)}."
    own = [driver for driver in model.drivers if not isinstance(driver.value, FromSeries)]
    if bare := [driver.name for driver in own if not driver.source and not driver.assumption]:
        yield "no_source", f"Neither a source nor marked as an assumption: {', '.join(bare)}."
    ranged = ((driver, driver.value) for driver in own if driver.assumption)
    sure = (driver for driver, value in ranged if isinstance(value, Distribution) and value.certain)
    if certain := [driver.name for driver in sure]:
        text = f"Assumed as certain: {', '.join(certain)}. A range would show how much the answer depends on them."
        yield "exact_assumptions", text
