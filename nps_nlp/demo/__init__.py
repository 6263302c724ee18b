"""Two fictional surveys that travel with the package, so that the first report needs no data of one's own."""

from __future__ import annotations

from pathlib import Path

_FILES = {"ja": "kotori_kaikei_google_forms.csv", "en": "larkfield_hotels_qualtrics.csv"}


def demo_path(language: str) -> Path:
    """Return the path of the fictional export in a language, ``"ja"`` or ``"en"``.

    Examples
    --------
    >>> demo_path("ja").name
    'kotori_kaikei_google_forms.csv'
    """
    return Path(__file__).parent / _FILES[language]
