"""The variables of the environment that count."""

from __future__ import annotations

import os

from rural_forecast.system.copies import CACHE

CATALOGUE = "RURAL_FORECAST_CATALOGUE"
KEEP = "RURAL_FORECAST_KEEP"
VARIABLES = {
    "RURAL_FORECAST_AUTHOR": "Who writes a page, where --author is left out.",
    CATALOGUE: "Folders with series of your own, separated as in PATH.",
    CACHE: "Folder of copies of addresses, in place of the folder of caches.",
    KEEP: "Folder that records of forecasts are kept in, where --keep is left out.",
    "RURAL_FORECAST_THEME": "Colours of pictures, light or dark, where --theme is left out.",
    "RURAL_FORECAST_WORKERS": "Number of processes of a batch, where --workers is left out.",
    "NO_COLOR": "Set to anything: no colour.",
    "FORCE_COLOR": "Set to anything: colour, terminal or not.",
    "CLICOLOR_FORCE": "Set to anything but 0: colour, terminal or not.",
    "CLICOLOR": "Set to 0: no colour.",
    "TERM": "With the value dumb: no colour, no progress bar.",
    "COLUMNS": "Width of the terminal.",
}
"""The effect of each variable, by name."""


def own_catalogues() -> list[str]:
    """The folders of the user's own catalogues."""
    return [name for name in os.environ.get(CATALOGUE, "").split(os.pathsep) if name.strip()]
