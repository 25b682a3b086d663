"""Observations, the series they make, where they come from, and which of them a model may see."""
