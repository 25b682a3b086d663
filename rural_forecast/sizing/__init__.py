"""A market sized bottom-up: a model of drivers and formulas, and what its draws show."""
