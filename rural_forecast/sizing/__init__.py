"""A market sized bottom-up: a model of drivers and formulas, its draws, and what each driver does
to it.
"""
