"""Forecasts that were kept: read back, scored against what came, and revised step by step."""
