"""Render an Analysis as one self-contained page that makes no request to anywhere."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from nps_nlp.report.format import clean, month
from nps_nlp.report.quotes import explorer, script_json
from nps_nlp.report.tables import Names, records
from nps_nlp.report.view_card import card_view
from nps_nlp.report.view_depth import alerts_view, analysts_view, priority_view
from nps_nlp.report.view_groups import groups_view
from nps_nlp.report.view_joined import joined_view
from nps_nlp.report.view_method import method_view
from nps_nlp.report.view_requests import requests_view
from nps_nlp.report.view_score import score_view
from nps_nlp.report.view_themes import themes_view
from nps_nlp.report.words import load_words

if TYPE_CHECKING:
    from nps_nlp.report.words import Words
    from nps_nlp.result import Analysis

_SENTIMENTS = ("negative", "positive", "neutral")
_CATEGORIES = ("detractor", "passive", "promoter")


def render_html(analysis: Analysis, language: str = "ja") -> str:
    """Render the report page.

    Parameters
    ----------
    analysis : Analysis
        As ``docs/analysis.md`` describes it; only rendered, nothing is computed.
    language : {'ja', 'en'}
        Language of the report's own words; customers' words stay as they are.

    Returns
    -------
    str
        A complete HTML document. The same analysis gives the same text.

    Raises
    ------
    InputError
        When the report has no such language.
    """
    words = load_words(language).about(analysis.scorecard.metric)
    names = Names.of(analysis, words)
    style, script = _asset("report.css"), _asset("report.js")
    title = clean(analysis.settings.get("title") or words("page.untitled"))
    return _environment().get_template("report.html.j2").render(
        words=words,
        language=language,
        title=title,
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704 - a file of this package
        script=Markup(script),  # noqa: S704 - a file of this package
        meta=_meta(analysis, words),
        version=analysis.settings.get("versions", {}).get("nps-nlp", ""),
        score=score_view(analysis, words),
        card=card_view(analysis, names),
        priority=priority_view(analysis, names),
        alerts=alerts_view(analysis, names),
        joined=joined_view(analysis, names),
        analysts=analysts_view(analysis, names),
        themes=themes_view(analysis, names),
        groups=groups_view(analysis, names),
        requests=requests_view(analysis, names),
        method=method_view(analysis, names),
        **_quotes(analysis, names),
    )  # fmt: skip


def _meta(analysis: Analysis, words: Words) -> list[str]:
    """Return the line under the title: how many, when, from how many files."""
    months = [r["period"] for r in records(analysis.trend)]
    line = [words.many("page.responses", analysis.nps.n)]
    if analysis.writers is not None:
        line.append(words.many("page.writers", analysis.writers.n))
    if len(months) == 1:
        line.append(month(months[0], words.language))
    elif months:
        first, last = (month(m, words.language) for m in (months[0], months[-1]))
        line.append(words("page.period", first=first, last=last))
    sources = analysis.settings.get("sources", [])
    return [*line, words.many("page.files", len(sources))] if sources else line


def _quotes(analysis: Analysis, names: Names) -> dict[str, Any]:
    """Return the explorer's filters and the data that its script reads."""
    data, words = explorer(analysis, names), names.words
    spoken = {f"category_{c}": words(f"word.{c}_one") for c in _CATEGORIES} | {
        p: words(f"word.{p}") for p in _SENTIMENTS
    }
    spoken |= {key: words.phrases[f"quotes.{key}"][words.language] for key in ("count", "empty")}
    spoken["gave"] = words.phrases["word.gave"][words.language]
    headings = {heading: group["name"] for heading, group in data["groups"].items()}
    script = {"quotes": data["quotes"], "themes": dict(data["themes"]), "headings": headings, "words": spoken}
    return {"explorer": data, "data": script_json(script), "categories": _CATEGORIES}


def _policy(style: str, script: str) -> str:
    """Return the security policy: this style, this script, and nothing from anywhere."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _asset(name: str) -> str:
    # An HTML parser turns CR LF into LF before it hashes; a checkout on Windows must not break the policy.
    text = resources.files("nps_nlp.report").joinpath("templates", name).read_text("utf-8")
    return text.replace("\r\n", "\n")


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("nps_nlp.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        newline_sequence="\n",
    )
