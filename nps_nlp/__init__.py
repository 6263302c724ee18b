"""Net Promoter Score surveys: the score with its uncertainty, and the reasons behind it."""

__version__ = "0.1.0"
