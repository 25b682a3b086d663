"""Reading the files of users: CSV, TSV, JSON, NDJSON, Excel and Parquet, in long form or as wide sheets."""

from rural_forecast.series.reading.options import FORMATS, ReadOptions
from rural_forecast.series.reading.pipeline import read, read_chosen, read_in_part, read_one, read_with_faults

__all__ = ["FORMATS", "ReadOptions", "read", "read_chosen", "read_in_part", "read_one", "read_with_faults"]
