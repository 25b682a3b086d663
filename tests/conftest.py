"""Settings of every test."""

from hypothesis import settings

# The first example of a property pays for imports, so time is no property of the code.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
