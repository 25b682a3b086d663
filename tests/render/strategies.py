"""Documents with arbitrary cells, for what must hold of any data."""

from hypothesis import strategies as st

from rural_forecast.document.table import Cell, Column, Document, Table
from tests.render.documents import remarks

NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**20), 10**20)
TEXT = st.text(max_size=30) | st.sampled_from(
    ["=1+1", "+1", "-1", "@a", "\t=1", "\u3000=1", "\xa0@a", "\u2060=1", "\xad+1", "\U000e0001-1", "\uffff=1",
     "a\u202eb", 'a"b', "a,b", "a\tb", "a\nb", "a\r\nb", "\x1b[31mred", "\x9b1m", "乡村", "ＡＢ", ""]
)  # fmt: skip
KINDS = {
    "text": TEXT,
    "integer": st.integers(-(10**20), 10**20),
    "number": NUMBERS,
    "percent": NUMBERS,
    "year": st.integers(1, 9999),
    "boolean": st.booleans(),
}


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A document whose records and section are the same table of one to five columns."""
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=5))
    columns = tuple(
        Column(
            f"c{number}",
            draw(st.text("ab 乡|*", max_size=12)),
            kind,  # type: ignore[arg-type]
            sign=draw(st.booleans()),
        )
        for number, kind in enumerate(kinds)
    )
    row: st.SearchStrategy[tuple[Cell, ...]] = st.tuples(*(st.none() | KINDS[kind] for kind in kinds))
    rows = tuple(draw(st.lists(row, max_size=5)))
    table = Table(columns, rows, title=draw(TEXT))
    sections = (table,) if draw(st.booleans()) else ()
    about, summary, notes = (draw(TEXT),), (draw(TEXT),), remarks(draw(TEXT))
    return Document("test", table, draw(TEXT), about, summary, sections=sections, notes=notes)
