"""Files in our own form: models and scenarios; kept forecasts; a catalogue as three files with a form feed between."""

import json
import math

from rural_forecast.record.kept import read_record
from rural_forecast.record.revise import revise
from rural_forecast.record.score import score
from rural_forecast.scenarios.assumptions import read_scenarios
from rural_forecast.scenarios.scenario import scenario
from rural_forecast.series.catalogue import FILES, Catalogue, Folder
from rural_forecast.series.findings import check
from rural_forecast.series.source import read
from rural_forecast.series.source_names import DEFAULT_SERIES
from rural_forecast.sizing.size import size
from rural_forecast.views import revise as revise_view
from rural_forecast.views import scenario as scenario_view
from rural_forecast.views import score as score_view
from rural_forecast.views import size as size_view
from rural_forecast.views.lookup import everything, listing
from tests.fuzz.promises import refusals, require, scratch, shown
from tests.fuzz.seeds import examples

_SEPARATOR = b"\f"
_MODEL = b"""
unit = "bn CNY"
years = [2026, 2027]
[stages.market]
formula = "users * spending * share"
[drivers.users]
unit = "million persons"
value = "200..300"
growth = "1..3"
[drivers.spending]
unit = "CNY per person and year"
value = { low = 900, mode = 1000, high = 1300 }
[drivers.share]
unit = "share"
value = 0.5
[[correlations]]
drivers = ["users", "spending"]
value = 0.3
[top_down]
series = "mofcom"
"""
_SCENARIOS = b"""
year = 2020
[scenarios.slow]
growth = 5
[scenarios.path]
growth = { 2017 = 5, 2018 = -3.5 }
ceiling = "800..900"
shock = { 2018 = -10 }
override = { 2019 = 700 }
reason = "the plan"
"""
_CATALOGUE = b"""series_id,title,measure,unit,alias,breaks,related
a,Market A,flow,bn CNY,one,2016,a_yoy
a_yoy,Growth of A,growth,percent,,,a
\fseries_id,period,value,source_id,status,qualifier,note,unit,kind,author
a,2014,180,x,actual,~,,bn CNY,,
a,2015,353,x,,=,derived from growth,,,
a,2016H1,200,y,preliminary,>,,,,
a,2018,700,y,forecast,=,,,target,someone
a_yoy,2015,96.1,x,,,,,,
\fsource_id,publisher,title_in_own_words,date,published_earliest,published_latest,reach,url
x,Office,Yearbook,2016,2016-01-01,2016-12-31,own,http://a
y,Paper,Article,undated,,,copy,
"""
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
_RECORDS = (json.dumps(_RECORD, indent=1).encode(), json.dumps(_SIZED).encode(), _CSV)
SEEDS = [_CATALOGUE, _MODEL, _SCENARIOS, *_RECORDS, *examples("sizing"), *examples("scenarios")]


def test(data: bytes) -> None:
    """Read a catalogue, or a model, scenarios and a record, and all that follows from them."""
    if _SEPARATOR in data:
        _catalogue(data)
        return
    path, kept = scratch() / "own.toml", scratch() / "record.json"
    path.write_bytes(data)
    kept.write_bytes(data)
    with refusals():
        shown(size_view.document(size(path, draws=1000)))
    with refusals():
        found = read_scenarios(path)
        series = found.series or read(DEFAULT_SERIES)
        shown(scenario_view.document(scenario(series, *found.scenarios, year=found.year)))
    with refusals():
        read_record(str(kept))
        actual = read("mofcom")
        with refusals():
            shown(score_view.document(score(kept, actuals=actual)))
        with refusals():
            shown(revise_view.document(revise(kept, actual)))


def _catalogue(data: bytes) -> None:
    folder = scratch() / "catalogue"
    folder.mkdir(exist_ok=True)
    parts = [*data.split(_SEPARATOR, 2), b"", b""]
    for name, part in zip(FILES, parts, strict=False):
        (folder / name).write_bytes(part)
    with refusals():
        catalogue = Catalogue((Folder(folder, "catalogue"),))
        listing(catalogue.every())
        for series_id in catalogue.ids():
            with refusals():
                series = catalogue.get(series_id)
                require(all(math.isfinite(one.value) for one in series.observations), "a value is not finite")
                check(series)
                everything(series)
                listing([series], course=True)
