"""What the page shows of requests: who asks, for what, in whose words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nps_nlp.classify.labels import UNMENTIONED
from nps_nlp.report.charts import share_row
from nps_nlp.report.format import percent
from nps_nlp.report.quotes import split
from nps_nlp.report.tables import confidence_of, records
from nps_nlp.report.view_themes import quoted_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nps_nlp.analysis import Analysis
    from nps_nlp.report.tables import Names, Row

_MOST = 6
_QUOTES = 2


def requests_view(analysis: Analysis, names: Names) -> dict[str, Any] | None:
    """Return the contents of the part on requests; None where nobody asks for anything."""
    rows, words = records(analysis.requests), names.words
    if not rows:
        return None
    everybody, themes = rows[0], [r for r in rows[1:] if r["theme"] != UNMENTIONED]
    wordings = _Wordings(records(analysis.request_quotes), names)
    highest = max((r["share"] for r in themes[:_MOST]), default=0.0)
    rest = len(themes) - _MOST
    return {
        "said": words.many(
            "requests.said",
            int(everybody["n"]),
            share=percent(everybody["share"]),
            low=percent(everybody["share_ci_low"]),
            high=percent(everybody["share_ci_high"]),
            confidence=confidence_of(analysis),
            promoters=percent(everybody["share_promoters"]),
            detractors=percent(everybody["share_detractors"]),
        ),
        "rows": [
            {
                "label": names.theme(r["theme"]),
                "n": words.many("requests.people", int(r["n"])),
                "bar": share_row(r["share"], highest, "ink"),
                "who": words(
                    "requests.who", promoters=percent(r["share_promoters"]), detractors=percent(r["share_detractors"])
                ),
                "quotes": wordings.of(r["theme"]),
            }
            for r in themes[:_MOST]
        ],
        "more": words.many("requests.more", rest) if rest > 0 else "",
        "other": _other(rows[-1], wordings, names),
    }


class _Wordings:
    """The requests in the customers' words; none is shown under two themes."""

    def __init__(self, quotes: Sequence[Row], names: Names) -> None:
        self.quotes, self.names, self.shown = quotes, names, set[str]()

    def of(self, theme: str) -> list[dict[str, Any]]:
        """Return the most typical requests of a theme that were not shown yet."""
        fresh = [q for q in self.quotes if q["theme"] == theme and q["text"] not in self.shown]
        chosen = sorted(fresh, key=lambda q: (q["rank"], q["category"]))[:_QUOTES]
        self.shown.update(q["text"] for q in chosen)
        return [{"parts": split(q["text"], q["start"], q["end"]), "by": quoted_by(q, self.names)} for q in chosen]


def _other(row: Row, wordings: _Wordings, names: Names) -> dict[str, Any] | None:
    """Return the requests that no theme fits: what the taxonomy has no word for yet."""
    if row["theme"] != UNMENTIONED:
        return None
    return {"said": names.words.many("requests.other", int(row["n"])), "quotes": wordings.of(UNMENTIONED)}
