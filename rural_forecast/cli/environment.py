"""Environment variables: the ones that are heeded, and those that took part in a result."""

from __future__ import annotations

import os
from collections.abc import Iterable

from rural_forecast.series.source_names import without_folders

AUTHOR, CATALOGUE, KEEP = "RURAL_FORECAST_AUTHOR", "RURAL_FORECAST_CATALOGUE", "RURAL_FORECAST_KEEP"
THEME, WORKERS = "RURAL_FORECAST_THEME", "RURAL_FORECAST_WORKERS"
VARIABLES = {
    AUTHOR: "Who writes a page, where --author is left out.",
    CATALOGUE: "Folders with series of your own, separated as in PATH.",
    KEEP: "Folder that records of forecasts are kept in, where --keep is left out.",
    THEME: "Colours of pictures, light or dark, where --theme is left out.",
    WORKERS: "Number of processes of a batch, where --workers is left out.",
    "NO_COLOR": "Set to anything: no colour.",
    "FORCE_COLOR": "Set to anything: colour, terminal or not.",
    "CLICOLOR_FORCE": "Set to anything but 0: colour, terminal or not.",
    "CLICOLOR": "Set to 0: no colour.",
    "TERM": "With the value dumb: no colour, no progress bar.",
    "COLUMNS": "Width of the terminal.",
}


def own_catalogues() -> list[str]:
    """The folders of the user's own catalogues."""
    return [name for name in os.environ.get(CATALOGUE, "").split(os.pathsep) if name.strip()]


def used(names: Iterable[str]) -> dict[str, str]:
    """The variables that took part in a result, by these names, and folders of series by their name alone."""
    folders = {CATALOGUE: os.pathsep.join(map(without_folders, own))} if (own := own_catalogues()) else {}
    return folders | {name: os.environ[name] for name in names}
