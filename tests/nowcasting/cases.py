"""A market of halves, the market of the ministry, and what each voter says."""

import rural_forecast as rf
from rural_forecast.nowcasting.nowcast import Nowcast
from rural_forecast.series.observation import Series

HALVES = {"2014": 100, "2014H1": 45, "2015": 120, "2015H1": 54, "2016": 150, "2016H1": 67, "2017H1": 80}


def ministry() -> Series:
    return rf.read("mofcom")


def said(result: Nowcast) -> dict[str, float]:
    return {vote.voter: vote.value for vote in result.votes}
