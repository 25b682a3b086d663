"""Renderers: one file a format, from a `Document` to text or bytes. Nothing here knows what a
forecast is.
"""
