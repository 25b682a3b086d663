"""The last chapter of a report: the method in plain words, and what is needed to get the same numbers again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rural_forecast.document.page import Chapter, Section
from rural_forecast.document.table import Column, Table
from rural_forecast.forecasting import registry
from rural_forecast.version import __version__
from rural_forecast.views.about import provenance

if TYPE_CHECKING:
    from rural_forecast.views.report.market import Market

_PLAIN = """\
A few yearly figures say little by themselves about what comes next. So the forecast leans on two things: named growth
models that an analyst can check, and what thousands of real yearly series did after looking like this one.

Every model answers from the same figures. Their answers are combined into one, the consensus, with weights that were
learned once on a corpus of other series and never changed to suit a market.

An interval of 80 % is meant to hold the outcome in eight of ten cases on series like those of the corpus. It was set
from real forecast errors, not from a formula. It does not cover a change of definition, a revision of the past, or a
shock of a kind that the corpus does not know.

Two definitions of a market are two series and are never joined. Nothing is computed across a break. Forecasts that
others have published are shown next to the result and never enter it; so is their pool with ours, where it is shown."""


def chapter(markets: Sequence[Market]) -> Chapter:
    """Method, models and provenance."""
    sections = [Section("In plain words", tuple(_PLAIN.split("\n\n")))]
    if markets:
        sections.append(Section("The models", tables=(_models(markets),), folded=True))
    sections.append(Section("To get these numbers again", facts=tuple(_facts(markets))))
    return Chapter("Method and provenance", tuple(sections))


def credit() -> str:
    """The line at the foot."""
    return f"Made with rural-forecast {__version__}."


def _models(markets: Sequence[Market]) -> Table:
    """What each model that answered is, in display order."""
    used = {line.given.model for market in markets for line in market.comparison.lines if line.given.answers}
    rows = tuple((m.title, m.formula, m.assumes, m.reference) for m in registry.MODELS if m.name in used)
    columns = (
        Column("model", "Model"),
        Column("formula", "Formula"),
        Column("assumes", "Assumes"),
        Column("reference", "Reference"),
    )
    return Table(columns, rows, title="Models that answered")


def _facts(markets: Sequence[Market]) -> list[tuple[str, str]]:
    facts = [("Version", f"rural-forecast {__version__}")]
    for market in markets:
        history = market.asked.history
        known = provenance(history)
        name = f"Data of {history.series.id}" if len(markets) > 1 else "Data"
        first, last = known["first_year"], known["origin"]
        facts.append((name, f"{known['points']} values, {first} to {last}" if first != last else f"1 value, {last}"))
        facts.append(("Digest", str(known["data_digest"])))
    return facts
