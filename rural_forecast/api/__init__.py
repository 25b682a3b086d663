"""Arguments and results of the Python API: checks and comparisons."""
