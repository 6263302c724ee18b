"""Property tests here are the same on every run and are not timed: machines under load are no failure."""

from hypothesis import settings

settings.register_profile("language", deadline=None, derandomize=True)
settings.load_profile("language")
