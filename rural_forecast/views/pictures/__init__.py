"""One file a kind of picture: result -> Picture."""

from __future__ import annotations

from dataclasses import replace

from rural_forecast.document.picture import Look, Panels, Picture


def dressed(
    picture: Picture,
    *,
    title: str = "",
    subtitle: str = "",
    source: str = "",
    notes: tuple[str, ...] = (),
    logarithmic: bool = False,
    look: Look | None = None,
) -> Picture:
    """A picture with the texts that a person gives in place of ours, and the look asked for.

    `title`: heads the picture; our finding follows it; `notes`: added to ours.
    """
    plot = picture.plot
    if isinstance(plot, Panels) and logarithmic:
        plot = replace(plot, pictures=tuple(replace(panel, logarithmic=True) for panel in plot.pictures))
    if title:
        picture = replace(picture, title=picture.claim or picture.title, claim=title)
    return replace(
        picture,
        plot=plot,
        subtitle=subtitle or picture.subtitle,
        source=source or picture.source,
        notes=(*picture.notes, *notes),
        logarithmic=logarithmic,
        look=look or picture.look,
    )
