"""Files of kept forecasts: read, scored against the catalogue or their own data, and revised."""

import json

from rural_forecast.record.kept import read_record
from rural_forecast.record.revise import revise
from rural_forecast.record.score import score
from rural_forecast.series.source import read
from rural_forecast.views import revise as revise_view
from rural_forecast.views import score as score_view
from tests.fuzz.promises import refusals, scratch, shown

_ROW = {
    "series_id": "mofcom",
    "kind": "forecast",
    "model": "consensus",
    "lower_80": 1900.5,
    "upper_80": 3100,
    "unit": "",
}
_RECORD = {
    "schema_version": 3,
    "command": "project",
    "series": [{"id": "mofcom", "title": "Online retail", "definition": "", "measure": "flow", "unit": "bn CNY"}],
    "rows": [{**_ROW, "period": year, "value": 2200 + 100 * (year - 2022)} for year in (2022, 2027)],
    "inputs": [
        {"period": str(year), "value": value, "status": "actual", "series_id": "mofcom", "note": None}
        for year, value in ((2018, 1370), (2019, 1700.0), (2020, 1790), (2021, 2050))
    ],
    "notes": [{"code": "gap", "text": "A note."}],
    "provenance": {"version": "2.3.0", "origin": 2021, "options": {"levels": [80], "ceiling": [4000, 5000]}},
}
_CSV = b"""series_id,period,kind,model,value,lower_80,upper_80,lower_95,upper_95,origin,unit
mofcom,2021,actual,,2050,,,,,,bn CNY
mofcom,2022,forecast,consensus,2247.7,1924.9,2573.9,1642,2924,2021,bn CNY
mofcom,2023,published,Institute,2700,,,,,2021,bn CNY
"""
_SIZED = {
    **_RECORD,
    "command": "size",
    "rows": [{"item": "result", "stage": "market", "period": 2024, "value": 9, "lower_80": 8, "upper_80": 10}],
}
SEEDS = [json.dumps(_RECORD, indent=1).encode(), json.dumps(_SIZED).encode(), _CSV]


def test(data: bytes) -> None:
    """Read a record and all that follows from it."""
    path = scratch() / "record.json"
    path.write_bytes(data)
    with refusals():
        read_record(str(path))
        actual = read("mofcom")
        with refusals():
            shown(score_view.document(score(path, actuals=actual)))
        with refusals():
            shown(revise_view.document(revise(path, actual)))
