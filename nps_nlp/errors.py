"""The errors that users meet: each names what was found, what was expected and what to do next."""

from __future__ import annotations


class NpsNlpError(Exception):
    """Base of every error that nps_nlp raises on purpose; the command line exits with 1 on it."""


class InputError(NpsNlpError):
    """The input cannot be used: one sentence with the file, the column or row, and the next step."""


class ModelError(NpsNlpError):
    """A model folder is missing, damaged, or not what its manifest says."""
