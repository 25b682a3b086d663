"""Reading the files of users: CSV, TSV, JSON, NDJSON, Excel and Parquet, in long form or as wide sheets.

`pipeline` leads the way of a file to its series, `stretches` that of a batch:

1. Bytes: `files` and `unpack` get them, `text` decodes them, `opened` says what they are.
2. Tables: each format has a module (`delimited`, `excel`, `json_rows`, `nested`, `markup`, `xml_tables`, `parquet`).
   A plain file, its header first, is a `Grid` at once. Any other is a `Table` of cells. A batch has a `Piece`.
3. Cells: `periods`, `period_forms` and `heads` read periods, `values`, `number_forms` and `notation` numbers, `flags`
   the letters of agencies. `columns` says which column of a grid holds what; `judge` does so for a batch.
4. Search: `find` finds a `Panel` in a table, with years `across` or `down`; `labels` tell its series apart, `choose`
   takes those that are asked for, and `settle` makes a grid of them.
5. Series: `assemble` reads a grid cell by cell, or refuses one. A batch takes what arrays surely understand as it is,
   and has all other series assembled.

What became of every cell is counted in `tally` and said in notes (`account`).
"""

from rural_forecast.series.reading.options import FORMATS, ReadOptions
from rural_forecast.series.reading.pipeline import read, read_chosen, read_in_part, read_one, read_with_faults

__all__ = ["FORMATS", "ReadOptions", "read", "read_chosen", "read_in_part", "read_one", "read_with_faults"]
