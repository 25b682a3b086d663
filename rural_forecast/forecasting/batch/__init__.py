"""Many series at once: flat arrays and offsets, groups of equal length, no Python call a series on
the way.
"""
