"""Workbooks: the sheets of a forecast, those of a sizing that computes, and how cells look."""
