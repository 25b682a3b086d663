"""Objects for Python users: a series of whatever they have, and results to draw, show and write."""
