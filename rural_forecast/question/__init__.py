"""The question: the source that a person names, and the question about its market."""
