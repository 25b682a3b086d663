"""Panels that add up: a tree of parts, forecast node by node and reconciled."""
