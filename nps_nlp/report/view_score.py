"""What the first part of the page shows: the score, how sure it is, the distribution, who wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nps_nlp.report.charts import Interval, axis, domain_of, histogram, interval_row, share_bar
from nps_nlp.report.format import brackets, count, percent, points, span
from nps_nlp.report.tables import CATEGORIES, break_points, confidence_of, records

if TYPE_CHECKING:
    from markupsafe import Markup

    from nps_nlp.report.words import Words
    from nps_nlp.result import Analysis


def score_view(analysis: Analysis, words: Words) -> dict[str, Any]:
    """Return the contents of part 1."""
    result, confidence = analysis.nps, confidence_of(analysis)
    limits, people = span(result.ci_low, result.ci_high, words.language), analysis.repeated
    by_people = "" if people is None else span(people.ci_low, people.ci_high, words.language)
    return {
        "score": points(result.score),
        "by_people": words("score.by_people", confidence=confidence, range=by_people) if by_people else "",
        "interval": words("score.interval", confidence=confidence, range=limits),
        "meaning": words.many("score.meaning", result.n, range=limits),
        "parts": _parts(analysis, words),
        "bar": _bar(analysis, words),
        "histogram": _histogram(analysis, words),
        "wrote": _wrote(analysis, words),
    }


def _shares(analysis: Analysis) -> dict[str, float]:
    """Return the shares of the categories, weighted where the score is."""
    weighting, result = analysis.scorecard.weighting, analysis.nps
    if weighting is not None:
        return {c: getattr(weighting.result, f"{c}s") for c in CATEGORIES}
    return {c: getattr(result, f"{c}s") / result.n for c in CATEGORIES}


def _ranges(analysis: Analysis, words: Words) -> dict[str, str]:
    """Return which scores make each category; a category without scores has none."""
    low, high = break_points(analysis)
    ends = {"detractor": (0, low), "passive": (low + 1, high - 1), "promoter": (high, 10)}
    return {
        name: words("word.range" if a < b else "word.range_one", low=a, high=b) if a <= b else ""
        for name, (a, b) in ends.items()
    }


def _parts(analysis: Analysis, words: Words) -> list[dict[str, str]]:
    result, ranges = analysis.nps, _ranges(analysis, words)
    return [
        {
            "class": name,
            "label": words(f"word.{name}"),
            "range": ranges[name],
            "share": percent(share),
            "count": words.many("page.responses", getattr(result, f"{name}s")),
        }
        for name, share in reversed(_shares(analysis).items())
    ]


def _bar(analysis: Analysis, words: Words) -> Markup:
    shares = _shares(analysis)
    said = {f"{c}s": percent(share) for c, share in shares.items()}
    # Detractors stand left and promoters right, as on the 0-10 scale beside the bar.
    return share_bar(list(reversed(shares.items())), words("score.bar", **said))


def _histogram(analysis: Analysis, words: Words) -> Markup | None:
    rows = records(analysis.distribution)
    if not rows:
        return None
    mode = max(rows, key=lambda r: r["count"])
    alt = words("score.histogram", mode=int(mode["score"]), share=percent(mode["share"]))
    low, high = break_points(analysis)
    return histogram(rows, lambda s: "promoter" if s >= high else "passive" if s > low else "detractor", alt)


def _wrote(analysis: Analysis, words: Words) -> dict[str, Any]:
    """Compare those who wrote with those who only scored; one sentence where there is nothing to compare."""
    writers, silent = analysis.writers, analysis.silent
    if writers is None or silent is None:
        return {"rows": [], "sentence": words("score.gap_silent" if writers is None else "score.gap_none")}
    named = [("overall", analysis.nps), ("wrote", writers), ("silent", silent)]
    domain = domain_of([(r.ci_low, r.ci_high) for _, r in named])
    rows = [
        {
            "label": words(f"word.{key}"),
            "n": count(r.n),
            "score": points(r.score),
            "interval": brackets(r.ci_low, r.ci_high),
            "chart": interval_row(Interval(r.score, r.ci_low, r.ci_high, "ink"), domain, reference=analysis.nps.score),
        }
        for key, r in named
    ]
    gap = points(abs(writers.score - silent.score)).lstrip("+")
    sentence = words("score.gap", writers=points(writers.score), silent=points(silent.score), gap=gap)
    return {"rows": rows, "axis": axis(domain), "sentence": sentence}
