"""A catalogue folder: three CSV files, a form feed between them."""

from __future__ import annotations

import math

from rural_forecast.series.catalogue import Catalogue
from rural_forecast.series.check import check
from rural_forecast.series.folder import FILES, Folder
from rural_forecast.views.series import courses, everything, listing
from tests.fuzz.promises import refusals, require
from tests.fuzz.scratch import scratch

_SEPARATOR = b"\f"
SEEDS = [
    b"""series_id,title,measure,unit,alias,breaks,related
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
]


def test(data: bytes) -> None:
    """Load a folder and look at all that it holds."""
    folder = scratch() / "catalogue"
    folder.mkdir(exist_ok=True)
    parts = [*data.split(_SEPARATOR, 2), b"", b""]
    for name, part in zip(FILES, parts, strict=False):
        (folder / name).write_bytes(part)
    with refusals():
        catalogue = Catalogue((Folder(folder, "catalogue"),))
        listing(catalogue.summaries(), None)
        for series_id in catalogue.ids():
            with refusals():
                series = catalogue.get(series_id)
                require(all(math.isfinite(one.value) for one in series.observations), "a value is not finite")
                check(series)
                everything(series)
                courses([series])
