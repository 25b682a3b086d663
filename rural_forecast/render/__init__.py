"""Renderers: a `Document`, `Picture` or `Page` as text or bytes, in one file a format.

Nothing here knows what a forecast is.
"""
