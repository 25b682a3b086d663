"""One file a kind of picture: result -> Picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from rural_forecast.document.picture import Panels, Picture


def dressed(picture: Picture, *, title: str | None = None, notes: Iterable[str] = (), **stated: Any) -> Picture:
    """A picture with the texts that a person gives in place of ours, and the look asked for.

    `title`: heads the picture; our finding follows it; `notes`: added to ours; `stated`: other fields, unless empty.
    """
    stated = {name: value for name, value in stated.items() if value}
    if stated.get("logarithmic") and isinstance(picture.plot, Panels):
        panels = tuple(replace(panel, logarithmic=True) for panel in picture.plot.pictures)
        stated["plot"] = replace(picture.plot, pictures=panels)
    if title:
        stated |= {"title": picture.claim or picture.title, "claim": title}
    return replace(picture, notes=(*picture.notes, *notes), **stated)
