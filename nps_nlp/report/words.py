"""The phrases of the report: TOML files, Japanese beside English."""

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
_FILES = ("words.toml", "words_score.toml", "words_cli.toml")


_NPS = re.compile(r"(?<![A-Za-z])NPS(?![A-Za-z])")


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

    def about(self, metric: str) -> Words:
        """Return the phrases with the score called by its name: eNPS where employees answered.

        Examples
        --------
        >>> load_words("en").about("eNPS")("column.nps")
        'eNPS'
        """
        if metric == "NPS":
            return self
        own = {key.removeprefix("enps."): forms for key, forms in self.phrases.items() if key.startswith("enps.")}
        renamed = {
            key: {form: _NPS.sub(metric, text) for form, text in forms.items()} for key, forms in self.phrases.items()
        }
        return Words(self.language, renamed | own)

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
    folder, phrases = resources.files("nps_nlp.report"), dict[str, dict[str, str]]()
    for file in _FILES:
        raw = tomllib.loads(folder.joinpath(file).read_text("utf-8"))
        phrases |= {f"{section}.{key}": forms for section, keys in raw.items() for key, forms in keys.items()}
    return Words(language, phrases)


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
