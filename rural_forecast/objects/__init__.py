"""What Python users hold: a series of whatever they have, and results that can be drawn, shown and written."""
