"""Which series of a batch have values that are most likely wrong: their number, and the first of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting.batch.panel import Panel
from rural_forecast.notes import Note
from rural_forecast.series.findings import jump_note
from rural_forecast.series.jumps import jumps

MOST = 10
"""Series that are named; a batch may have a million."""


FINDINGS = "findings"
"""Code of the note that sums them up."""


class Doubts(NamedTuple):
    """Series that need a look."""

    series: int = 0
    first: tuple[tuple[str, Note], ...] = ()
    """Id and finding of the first `MOST` of them, in order."""

    def joined(self, later: Doubts) -> Doubts:
        """These and those of a later part."""
        return Doubts(self.series + later.series, (*self.first, *later.first)[:MOST])

    def notes(self, total: int, source: str) -> tuple[Note, ...]:
        """One warning for all, then a note for each of the first.

        `total`: number of series of the batch. `source`: the input as `series check` takes it; empty where it is no
        file.
        """
        if not self.series:
            return ()
        name, what = self.first[0]
        fields = {"series": self.series, "total": total, "first": name, "what": what, "source": source}
        one_each = (Note("finding", {"series": name, "what": what}) for name, what in self.first)
        return (Note("findings", fields, warning=True), *one_each)


def doubts(panel: Panel) -> Doubts:
    """The series of a panel that need a look; the first `MOST` are named."""
    odd = jumps(panel.values, panel.offsets)
    of = np.searchsorted(panel.offsets, odd.at, side="right") - 1
    places, first = np.unique(of, return_index=True)
    texts = dict(zip(places.tolist(), first.tolist(), strict=True))
    if panel.doubts:
        texts |= {at: -1 for at, name in enumerate(panel.ids) if name in panel.doubts and at not in texts}

    def named() -> Iterator[tuple[str, Note]]:
        for at in sorted(texts)[:MOST]:
            name, which = panel.ids[at], texts[at]
            if which < 0:
                yield name, panel.doubts[name]
                continue
            start, end = int(panel.offsets[at]), int(panel.offsets[at + 1])
            year = int(panel.origins[at]) - (end - 1 - int(odd.at[which]))
            values = {int(panel.origins[at]) - (end - 1 - i): float(panel.values[i]) for i in range(start, end)}
            kind, power, up = int(odd.kind[which]), int(odd.power[which]), bool(odd.up[which])
            yield name, jump_note(kind, power, up=up, year=year, values=values).about(str(year))

    return Doubts(len(texts), tuple(named()))
