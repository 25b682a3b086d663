"""What `exhibit` and `report` share: all that a page says of a market, its data as files, its warnings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rural_forecast.cli import arguments, loading, running
from rural_forecast.document.page import Attachment
from rural_forecast.render import formats
from rural_forecast.system.extras import need

if TYPE_CHECKING:
    from rural_forecast.cli.options import Pooling
    from rural_forecast.document.table import Remark
    from rural_forecast.series.money.conversion import Exchange
    from rural_forecast.series.observation import Series
    from rural_forecast.views.report import Market, Sizing

CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def market(
    series: Series,
    ahead: dict[str, Any],
    options: dict[str, Any],
    known: dict[str, Any] | None = None,
    scenarios: str | None = None,
    *,
    pooling: Pooling | None = None,
    opinions: bool = True,
    currency: Exchange | None = None,
) -> Market:
    """All that a page says of a series.

    `known`: the options of a nowcast; `opinions`: whether ARIMA and ETS are asked, which takes time.
    """
    from rural_forecast.forecasting.compare import compare
    from rural_forecast.forecasting.forecast import forecast
    from rural_forecast.nowcasting.nowcast import nowcast
    from rural_forecast.scenarios.scenario import scenario
    from rural_forecast.scenarios.scenario_file import read_scenarios
    from rural_forecast.views.report import Market

    estimated = nowcast(series, **known, **_without(options, "models")) if known else None
    compared = compare(series, opinions=opinions, **ahead, **_without(options, "models"))
    asked = forecast(series, kernels=True, **ahead, **options) if "models" in options else compared.forecast
    if pooling is not None:
        asked = arguments.pooled(asked, pooling, options)
    stated = None
    if scenarios:
        stated_scenarios = read_scenarios(scenarios).scenarios
        stated = scenario(series, *stated_scenarios, year=asked.target, **options)
    return Market(asked, compared, estimated, stated, currency)


def _without(options: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name not in names}


def data(markets: Sequence[Market]) -> Iterator[Attachment]:
    """The rows and the workbook of each market."""
    for library in ("jinja2", "xlsxwriter"):
        need(library, "report", "The format html")
    from rural_forecast.views.project import document

    for market in markets:
        shown = document(market.forecast, history=True)
        name = " ".join(re.sub(r"[^\w().,-]", " ", market.name).split())
        yield Attachment(f"{name}.csv", CSV, str(formats.render(shown, "csv")).encode())
        workbook = formats.render(shown, "xlsx")
        yield Attachment(f"{name}.xlsx", XLSX, workbook if isinstance(workbook, bytes) else workbook.encode())


def warn(run: running.Run, markets: Sequence[Market], sizings: Sequence[Sizing] = ()) -> None:
    """Print the warnings of everything on a page, as the command line words them."""
    from rural_forecast.views import nowcast
    from rural_forecast.views.notes import remarks

    noted: list[tuple[str, Sequence[Remark]]] = []
    for market in markets:
        noted.append((market.name, remarks(market.forecast.notes)))
        if market.nowcast is not None:
            noted.append((market.name, nowcast.document(market.nowcast, currency=market.currency).notes))
        others = [made for made in (market.scenarios, market.comparison.tested) if made is not None]
        noted += [(market.name, remarks(made.notes)) for made in others]
    noted += [(document.title, document.notes) for document, _ in sizings]
    several = len(markets) + len(sizings) > 1
    run.warn([note for name, notes in noted for note in (loading.of_one(name, notes) if several else notes)])
