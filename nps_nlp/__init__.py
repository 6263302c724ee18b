"""Net Promoter Score surveys: the score with its uncertainty, and the reasons behind it, in customers' own words.

>>> import nps_nlp
>>> analysis = nps_nlp.analyze(nps_nlp.demo_path("en"))
>>> print(analysis.nps)
NPS +20.0 (95 % CI +11.8 to +27.9, adjusted_wald; n = 450: 226 promoters, 88 passives, 136 detractors)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nps_nlp.analysis import analyze as analyze
    from nps_nlp.classify import load_classifier as load_classifier
    from nps_nlp.classify.estimators import SentimentClassifier as SentimentClassifier
    from nps_nlp.classify.estimators import ThemeClassifier as ThemeClassifier
    from nps_nlp.classify.taxonomy import load_taxonomy as load_taxonomy
    from nps_nlp.demo import demo_path as demo_path
    from nps_nlp.errors import InputError as InputError
    from nps_nlp.intake import read_export as read_export
    from nps_nlp.result import Analysis as Analysis
    from nps_nlp.scoring import nps as nps
    from nps_nlp.scoring import nps_test as nps_test
    from nps_nlp.survey import Survey as Survey

__version__ = "0.1.0"

# Where each public name lives; imported on first use, so that `nps-nlp score` loads no text model.
_HOMES = {
    "Analysis": "nps_nlp.result",
    "InputError": "nps_nlp.errors",
    "SentimentClassifier": "nps_nlp.classify.estimators",
    "Survey": "nps_nlp.survey",
    "ThemeClassifier": "nps_nlp.classify.estimators",
    "analyze": "nps_nlp.analysis",
    "demo_path": "nps_nlp.demo",
    "load_classifier": "nps_nlp.classify",
    "load_taxonomy": "nps_nlp.classify.taxonomy",
    "nps": "nps_nlp.scoring",
    "nps_test": "nps_nlp.scoring",
    "read_export": "nps_nlp.intake",
}
__all__ = sorted(_HOMES)  # noqa: PLE0605 - the names are the keys above


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'nps_nlp' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
