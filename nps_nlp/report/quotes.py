"""Customers' words: as text with the evidence marked, and as data for the explorer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from nps_nlp.report.format import clean, known, month
from nps_nlp.report.tables import category_name, file_name, records

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from nps_nlp.report.tables import Names, Row
    from nps_nlp.result import Analysis

LONGEST = 600
_LEAD = 120
_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def split(text: str, start: Any, end: Any) -> tuple[str, str, str]:
    """Cut a quote before and after its evidence; a very long one is shortened around it.

    The cut is made here and not in the page, because Python counts characters and JavaScript UTF-16 units.

    Examples
    --------
    >>> split("使える😊。ただ高い。", 7, 9)
    ('使える😊。ただ', '高い', '。')
    """
    text = clean(text)
    first, last = (int(start), int(end)) if known(start) and known(end) else (0, 0)
    if not 0 <= first < last <= len(text):
        first = last = 0
    before, marked, after = text[:first], text[first:last], text[last:]
    if len(text) <= LONGEST:
        return before, marked, after
    before = "…" + before[-_LEAD:] if len(before) > _LEAD else before
    marked = marked[: LONGEST - _LEAD]
    room = max(LONGEST - len(before) - len(marked), _LEAD)
    return before, marked, after[:room] + "…" if len(after) > room else after


def typical(quotes: Sequence[Row], theme: str, side: str, shown: Collection[str] = ()) -> Row | None:
    """Return the quote that a ranked theme is shown with: the best-ranked of detractors (promoters), else of others.

    A text in `shown` stands under another theme already.
    """
    about = "detractor" if side == "negative" else "promoter"
    fitting = [q for q in quotes if q["theme"] == theme and q["polarity"] == side and q["text"] not in shown]
    return min(fitting, key=lambda q: (category_name(q["category"]) != about, q["rank"]), default=None)


def explorer(analysis: Analysis, names: Names) -> dict[str, Any]:
    """Return what the quote explorer of the page works on: quotes, and the choices of its filters."""
    several = len(analysis.settings.get("sources", [])) != 1
    order = [r["id"] for r in records(analysis.drivers)] + list(names.themes)
    quotes = [
        _quote(q, names, several=several) for q in sorted(records(analysis.all_quotes), key=lambda q: _place(q, order))
    ]
    present = {q["theme"] for q in quotes}
    groups: dict[str, list[str]] = {}
    for quote in quotes:
        for heading, value in quote["groups"].items():
            if value not in groups.setdefault(heading, []):
                groups[heading].append(value)
    return {
        "quotes": quotes,
        "themes": [(i, label) for i, label in names.themes.items() if i in present],
        "polarities": [p for p in ("negative", "positive", "neutral") if any(q["polarity"] == p for q in quotes)],
        "groups": {
            heading: {
                "name": names.heading(heading),
                "choices": [(v, names.value(heading, v)) for v in _in_order(heading, values, analysis)],
            }
            for heading, values in groups.items()
        },
    }


def _in_order(heading: str, values: list[str], analysis: Analysis) -> list[str]:
    """Return values in the order of the segments table, which knows that 10代 comes before 20代."""
    order = [r["value"] for r in records(analysis.segments) if r["segment"] == heading]
    return sorted(values, key=lambda v: order.index(v) if v in order else len(order))


def _place(quote: Row, order: list[str]) -> tuple[int, int, int, str]:
    """Return where a quote stands: first those whose words fit the score, then the best of every theme."""
    fits = {"negative": "detractor", "positive": "promoter"}.get(str(quote["polarity"]))
    off = 0 if category_name(quote["category"]) == fits else 1
    theme = order.index(quote["theme"]) if quote["theme"] in order else len(order)
    return off, int(quote["rank"]), theme, str(quote["polarity"])


def _quote(quote: Row, names: Names, *, several: bool) -> dict[str, Any]:
    file, words = file_name(quote["file"]), names.words
    before, marked, after = split(quote["text"], quote["start"], quote["end"])
    return {
        "theme": quote["theme"],
        "polarity": str(quote["polarity"]),
        "category": category_name(quote["category"]),
        "score": int(quote["score"]),
        "before": before,
        "marked": marked,
        "after": after,
        "question": names.heading(quote["question"]) if known(quote["question"]) else "",
        "month": month(quote["period"], words.language) if known(quote["period"]) else "",
        "groups": {h: clean(v) for h, v in (quote["segments"] or {}).items() if known(v)},
        "where": words("word.row", file=file, row=quote["row"])
        if several
        else words("word.row_only", row=quote["row"]),
    }


def script_json(data: Any) -> Markup:
    r"""Return data as JSON that is safe inside a script element, whatever customers wrote.

    Examples
    --------
    >>> print(script_json({"text": "</script>"}))
    {"text": "\u003c/script\u003e"}
    """
    text = json.dumps(data, ensure_ascii=False)
    for character, escaped in _SCRIPT.items():
        text = text.replace(character, escaped)
    return Markup(text)  # noqa: S704 - every character that could end the element is escaped above
