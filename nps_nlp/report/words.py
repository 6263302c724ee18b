"""The phrases of the report: one TOML file, Japanese beside English."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from nps_nlp.errors import InputError
from nps_nlp.report.format import count

LANGUAGES = ("ja", "en")


@dataclass(frozen=True)
class Words:
    """The phrases of one language, filled in by ``words("section.key", name=value)``.

    Examples
    --------
    >>> load_words("en")("score.interval", confidence="95%", range="+1.0 to +9.0")
    '95% interval +1.0 to +9.0'
    """

    language: str
    phrases: dict[str, dict[str, str]]

    def __call__(self, key: str, **values: Any) -> str:
        """Return a phrase; KeyError where it does not exist, so that a typing error cannot reach a reader."""
        return self.phrases[key][self.language].format(**values)

    def __contains__(self, key: str) -> bool:
        return key in self.phrases

    def many(self, key: str, n: int, **values: Any) -> str:
        """Return a phrase about a number of things, in the singular where the language has one for it."""
        forms = self.phrases[key]
        form = forms.get(f"{self.language}_one") if n == 1 else None
        return (form or forms[self.language]).format(n=count(n), **values)

    def named(self, section: str, name: Any) -> str:
        """Return the word for a value of the tables, or the value itself where there is none."""
        key = f"{section}.{name}"
        return self(key) if key in self else str(name)


@cache
def load_words(language: str) -> Words:
    """Load the phrases of a report language.

    Parameters
    ----------
    language : str
        ``"ja"`` or ``"en"``.

    Returns
    -------
    Words

    Raises
    ------
    InputError
        When the report has no such language.
    """
    if language not in LANGUAGES:
        raise InputError(f"the report has no language {language!r}; give one of {', '.join(LANGUAGES)}.")
    raw = tomllib.loads(resources.files("nps_nlp.report").joinpath("words.toml").read_text("utf-8"))
    return Words(language, {f"{section}.{key}": forms for section, keys in raw.items() for key, forms in keys.items()})


@cache
def _reasons() -> tuple[tuple[re.Pattern[str], str], ...]:
    raw = tomllib.loads(resources.files("nps_nlp.report").joinpath("reasons.toml").read_text("utf-8"))
    return tuple((re.compile(entry["en"]), entry["ja"]) for entry in raw["reasons"])


def translate_reason(reason: str, language: str) -> str:
    """Put a reason that reading the input left behind into the report's language, or leave it as it is.

    Intake writes its reasons in English, for the command line; a Japanese report should not need English.

    Examples
    --------
    >>> translate_reason("blank score", "ja"), translate_reason("blank score", "en")
    ('評点が空欄', 'blank score')
    >>> translate_reason("something new", "ja")
    'something new'
    """
    if language == "ja":
        for pattern, japanese in _reasons():
            if found := pattern.fullmatch(reason):
                groups = [translate_reason(g or "", language) for g in found.groups()]
                return japanese.format(*groups)
    return reason
