"""What mutations start from: the corpus of bad input, real examples, and a few sound files made here."""

from functools import cache
from io import BytesIO
from pathlib import Path

from tests.fuzz.choices import LONGEST

_ROOT = Path(__file__).parents[2]
_FILES = (_ROOT / "tests" / "bad_input" / "files", _ROOT / "tests" / "fuzz" / "forms")

_STATUSES = (
    b"period;turnover;source;status;published_on;growth_pct;note\n2014;180;a;actual;2015-03-01;;x\n"
    b"2015;353;a;preliminary;2016;96.1;\n2016;482;a;;;;\n2016;480;b;;;;\n2018;700;c;forecast;;;\n"
)
_QUOTED = b'\xef\xbb\xbf"year","value"\r\n"2014","1,234.5"\r\n2015H1,600\r\n2015Q1,300\r\n2015M01-M08,900\r\n'
_DOCUMENT = (
    b'{"schema_version": 1, "series": [{"id": "a", "unit": "m"}], "rows": '
    b'[{"series_id": "a", "period": 2014, "kind": "actual", "value": 5}]}'
)
_SOUND = {
    "csv": (
        b"year,value\n2014,180\n2015,353\n2016,482\n",
        _STATUSES,
        b"series_id,year,value,unit\na,2014,1,m\na,2015,2,m\nb,2014,3,m\nb,2015,5.5,m\n",
        b"region,2014,2015,2016\neast,1,2,3\nwest,4,5,6\n",
        _QUOTED,
    ),
    "tsv": (b"year\tvalue\n2014\t180\n2015\t353\n", b"id\t2014\t2015\na\t1\t2\n"),
    "json": (
        b'[{"year": 2014, "value": 180}, {"year": 2015, "value": 353, "source": "a"}]',
        b'{"2014": 180, "2015": 353, "2016": 482}',
        b'{"a": {"2014": 1, "2015": 2}, "b": {"2014": 3}}',
        _DOCUMENT,
    ),
    "ndjson": (b'{"year": 2014, "value": 180}\n{"year": "2015H1", "value": 353.5e0}\n',),
}


def files(*suffixes: str) -> list[bytes]:
    """Every file of these kinds that is short enough, in order of name, after the sound ones."""
    made = [data for suffix in suffixes for data in _SOUND.get(suffix, ())]
    found = sorted(path for folder in _FILES for suffix in suffixes for path in folder.glob(f"*.{suffix}"))
    return made + [path.read_bytes() for path in found if path.is_file() and path.stat().st_size <= 4 * LONGEST]


def sound(kind: str) -> tuple[bytes, ...]:
    """Files of a format that are read without complaint, or nearly."""
    return _SOUND[kind]


def bad() -> dict[str, bytes]:
    """The corpus of bad input, by name, the short files of it."""
    found = sorted(path for path in _FILES[0].iterdir() if path.is_file() and path.stat().st_size <= 4 * LONGEST)
    return {path.name: path.read_bytes() for path in found}


def examples(kind: str) -> tuple[bytes, ...]:
    """The TOML files that ship."""
    return tuple(path.read_bytes() for path in sorted((_ROOT / "data" / kind).glob("*.toml")))


@cache
def workbooks() -> tuple[bytes, ...]:
    """Small workbooks."""
    import xlsxwriter

    made = []
    for wide in (False, True):
        stream = BytesIO()
        with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
            sheet = book.add_worksheet()
            rows = [["a", 2014, 2015], ["east", 1, 2.5]] if wide else [["year", "value"], [2014, 180], [2015, 353]]
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            sheet.write_formula(3, 1, "=B2*2", value=360)
        made.append(stream.getvalue())
    return tuple(made)


@cache
def parquets() -> tuple[bytes, ...]:
    """Small Parquet files."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables = (
        {"year": [2014, 2015, 2016], "value": [180.0, 353.0, 482.0]},
        {"series_id": ["a", "a", "b"], "period": ["2014", "2015H1", "2014"], "value": ["1", "2", None]},
    )
    made = []
    for table in tables:
        stream = BytesIO()
        pq.write_table(pa.table(table), stream, compression="none")
        made.append(stream.getvalue())
    return tuple(made)
