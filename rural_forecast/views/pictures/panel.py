"""A panel as a picture: the parts of the whole side by side, with their intervals."""

from __future__ import annotations

import numpy as np

from rural_forecast.document.picture import Picture, Ranges, Row
from rural_forecast.panels.panel import PanelForecast
from rural_forecast.text.numbers import amounts
from rural_forecast.views.panel import TITLE, claim
from rural_forecast.views.pictures import fan

MOST = 15


def picture(result: PanelForecast) -> Picture:
    """The largest parts of the first whole in the last year."""
    root = int(np.flatnonzero(result.tree.parents < 0)[0])
    parts = np.flatnonzero(result.tree.parents == root)
    order = parts[np.argsort(-result.values[parts, -1], kind="stable")]
    write, finding = amounts(result.unit, result.values[order[:MOST], -1].tolist()), claim(result, root)
    rows = [_row(result, int(node), write(float(result.values[node, -1]))) for node in order[:MOST]]
    return Picture(
        plot=Ranges(tuple(rows)),
        title=TITLE,
        claim=finding,
        unit=f"{write.unit}, {result.years[-1]}".removeprefix(", "),
        amounts=write,
        source=fan.CREDIT,
        alternative=f"Ranges. {finding} The numbers are in the table.",
        notes=(f"{len(order) - MOST} smaller parts are not drawn.",) if len(order) > MOST else (),
    )


def _row(result: PanelForecast, node: int, text: str) -> Row:
    sides = zip(result.levels, result.lower[:, node, -1].tolist(), result.upper[:, node, -1].tolist(), strict=True)
    return Row(result.tree.names[node], float(result.values[node, -1]), tuple(sides), text)
