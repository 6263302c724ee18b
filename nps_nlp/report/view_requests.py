"""What the page shows of requests: who asks, for what, in whose words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nps_nlp.classify.labels import UNMENTIONED
from nps_nlp.report.charts import share_row
from nps_nlp.report.format import known, percent, with_limits
from nps_nlp.report.quotes import split
from nps_nlp.report.tables import BEYOND_CHANCE, category_name, confidence_of, records
from nps_nlp.report.view_themes import quoted_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nps_nlp.report.tables import Names, Row
    from nps_nlp.result import Analysis

_MOST = 6
_QUOTES = 2
_CATEGORIES = ("promoter", "passive", "detractor")


def requests_view(analysis: Analysis, names: Names) -> dict[str, Any] | None:
    """Return the contents of the part on requests; None where nobody asks for anything."""
    rows, words = records(analysis.requests), names.words
    if not rows:
        return None
    everybody, confidence = rows[0], confidence_of(analysis)
    themes, other = ([r for r in rows[1:] if (r["theme"] == UNMENTIONED) is last] for last in (False, True))
    wordings = _Wordings(records(analysis.request_quotes), names)
    highest = max((r["share"] for r in themes), default=0.0)
    share, rest = with_limits(everybody, "share", percent), len(themes) - _MOST
    return {
        "said": words.many("requests.said", int(everybody["n"]), share=share, confidence=confidence),
        "rows": [_row(r, highest, wordings, names) for r in (*themes[:_MOST], *other)],
        "more": words.many("requests.more", rest) if rest > 0 else "",
    }


def _row(row: Row, highest: float, wordings: _Wordings, names: Names) -> dict[str, Any]:
    """Return a theme with its requests; shares only where enough people ask."""
    words, other = names.words, row["theme"] == UNMENTIONED
    return {
        "id": "" if other else row["theme"],
        "label": words("requests.other") if other else names.theme(row["theme"]),
        "n": words.many("requests.people", int(row["n"])),
        "share": words("requests.share", share=with_limits(row, "share", percent)) if row["shown"] else "",
        "bar": share_row(row["share"], highest, "ink") if row["shown"] and not other else "",
        "who": _who(row, names) if row["shown"] else [],
        "quotes": wordings.of(row),
    }


def _who(row: Row, names: Names) -> list[str]:
    """Say how many promoters and detractors ask, and who asks more often where that is beyond chance."""
    words, shares = names.words, {name: row[f"share_{name}"] for name in ("promoters", "detractors")}
    if not all(map(known, shares.values())):
        return []
    found = [words("requests.who", **{name: percent(share) for name, share in shares.items()})]
    if known(row["q"]) and row["q"] < BEYOND_CHANCE:
        found.append(words(f"requests.more_{max(shares, key=lambda name: shares[name])}"))
    return found


class _Wordings:
    """The requests in the customers' words; none is shown twice."""

    def __init__(self, quotes: Sequence[Row], names: Names) -> None:
        self.quotes, self.names, self.shown = quotes, names, set[str]()

    def of(self, row: Row) -> list[dict[str, Any]]:
        """Return the most typical requests of a theme, first of those who ask most."""
        order = sorted(_CATEGORIES, key=lambda name: -row[f"{name}s"])
        mine = [q for q in self.quotes if q["theme"] == row["theme"]]
        chosen: list[Row] = []
        for quote in sorted(mine, key=lambda q: (q["rank"], order.index(category_name(q["category"])))):
            if len(chosen) < _QUOTES and quote["text"] not in self.shown:
                self.shown.add(quote["text"])
                chosen.append(quote)
        return [{"parts": split(q["text"], q["start"], q["end"]), "by": quoted_by(q, self.names)} for q in chosen]
