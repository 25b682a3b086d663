"""Files in our own form: models and scenarios; kept forecasts; a catalogue as three files with a
form feed between.
"""

import math

from rural_forecast.objects.functions import scenario
from rural_forecast.observed.catalogue import FILES, Catalogue, Folder
from rural_forecast.observed.findings import check
from rural_forecast.observed.source_names import DEFAULT_SERIES
from rural_forecast.question.source import read
from rural_forecast.record.reading import read_record
from rural_forecast.record.revise import revise
from rural_forecast.record.score import score
from rural_forecast.scenarios.reading import read_scenarios
from rural_forecast.sizing.size import size
from rural_forecast.views import revise as revise_view
from rural_forecast.views import scenario as scenario_view
from rural_forecast.views import score as score_view
from rural_forecast.views import size as size_view
from rural_forecast.views.lookup import everything, listing
from tests.fuzz.choices import HERE, files
from tests.fuzz.promises import refusals, require, scratch, shown

_SEPARATOR = b"\f"
SEEDS = [
    *(path.read_bytes() for path in sorted((HERE / "corpus" / "own_file").iterdir())),
    *files("toml"),
]


def test(data: bytes) -> None:
    if _SEPARATOR in data:
        _catalogue(data)
        return
    path = scratch() / "own.toml"
    kept = scratch() / "record.json"
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
                require(
                    all(math.isfinite(one.value) for one in series.observations),
                    "a value is not finite",
                )
                check(series)
                everything(series)
                listing([series])
