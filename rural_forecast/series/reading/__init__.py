"""Reading the files of users and of publishers: one path for all formats, layouts and commands.

    bytes -> grids -> tables -> choice -> values -> series

1. `source` gets bytes and text, `formats` grids: cells, each distinct one read once as a period, a number or a label.
2. `layout` cuts a grid to pieces with one table each: rows by columns, the periods on one of these two sides; `down`
   finds those with a column of periods. Rows whose columns all have our names are read by `schema`.
3. `columns` sorts the columns next to the periods, `choose` takes the series that are asked for, or asks.
4. `melt` puts their values one below the other, with what the file says of them, `build` makes series of them.
5. What became of every cell is counted and said in `account`.
"""

from rural_forecast.series.reading.melt import Fault
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.pipeline import read, read_chosen, read_in_part, read_one

__all__ = ["Fault", "ReadOptions", "read", "read_chosen", "read_in_part", "read_one"]
