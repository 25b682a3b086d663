"""Writes the manual page from the command surface, when a wheel is built or with `python -m
docs.manual`.
"""
