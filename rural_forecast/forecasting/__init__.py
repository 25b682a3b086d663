"""Consensus of the models, intervals, backtests and accuracy measures."""
