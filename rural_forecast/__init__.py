"""Forecasts of short annual market series, with the evidence beside them."""

from rural_forecast.version import __version__

__all__ = ["__version__"]
