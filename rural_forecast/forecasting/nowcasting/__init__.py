"""A year of which some halves, quarters or months are known."""
