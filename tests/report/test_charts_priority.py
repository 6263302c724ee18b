"""The priority map: every theme in its quadrant's corner of the drawing, names that do not cover each other."""

from __future__ import annotations

import re

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.insight.priority import PriorityMap
from nps_nlp.report.charts_priority import _WIDTH, priority_chart
from nps_nlp.report.words import load_words

POINT = st.tuples(st.floats(0, 0.4), st.floats(0, 1))


def drawn(points, language="ja"):
    rows = [
        {"theme": f"t{k}", "importance": x, "share_negative": y, "quadrant": "improve", "sure": bool(k % 2)}
        for k, (x, y) in enumerate(points)
    ]
    plan = PriorityMap(pd.DataFrame(rows), 0.1, 0.4)
    names = {f"t{k}": f"待ち時間・対応{k}" for k in range(len(points))}
    return str(priority_chart(plan, names, load_words(language), "alt"))


@given(st.lists(POINT, min_size=2, max_size=8, unique=True))
def test_names_of_a_handful_of_themes_do_not_cover_each_other(points):
    boxes = []
    pattern = r'class="theme-name" x="([\d.]+)%" y="([\d.]+)" dx="(-?10)" text-anchor="(start|end)">([^<]+)'
    found = re.findall(pattern, drawn(points))
    assert len(found) == len(points)
    for x, y, dx, anchor, text in found:
        wide = sum(13 if ord(c) > 255 else 7 for c in text)
        left = float(x) / 100 * _WIDTH + float(dx) - (wide if anchor == "end" else 0)
        boxes.append((left, float(y), left + wide))
    for k, a in enumerate(boxes):
        assert not any(a[0] < b[2] and b[0] < a[2] and abs(a[1] - b[1]) < 14 for b in boxes[k + 1 :])


def test_quadrants_are_named_in_both_languages():
    assert all(name in drawn([(0.2, 0.9), (0.01, 0.1)]) for name in ("重点改善", "重点維持", "改善", "維持"))
    assert all(name in drawn([(0.2, 0.9), (0.01, 0.1)], "en") for name in ("Improve first", "Keep it up", "Maintain"))
