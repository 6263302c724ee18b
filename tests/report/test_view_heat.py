"""Complaints by theme and group: the joined small groups are shown however many groups come before them."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from nps_nlp import analyze


def test_a_segment_of_thousands_of_values_ends_with_all_others():
    rng = np.random.default_rng(1)
    shops = [f"shop {k}" for k in [*range(30)] * 20] + [f"shop {k}" for k in rng.integers(30, 5000, 2400)]
    answers = rng.choice(["The app is far too slow", "Friendly staff"], 3000)
    table = pd.DataFrame({"score": np.where(answers == "Friendly staff", 9, 3), "why": answers, "shop": shops})
    analysis = analyze(table, score="score", comments=["why"], segments=["shop"])
    page = analysis.to_html(language="en")
    heat = page[page.index("Complaints by group") :]
    row = re.search(
        r'<th scope="row" class="stick">Other \(small groups joined\)</th><td class="plain-cell">([\d,]+)<', heat
    )
    kept = analysis.segments.query("not other")["n"]
    assert len(kept) == 20
    assert int(row[1].replace(",", "")) == 3000 - kept.sum()
    joined = analysis.segment_themes.query("value == '…' and theme == 'speed'")
    assert joined["writers"].tolist() == [3000 - kept.sum()]
    assert "at most the 20 most frequent values, of 10 responses or more" in page
