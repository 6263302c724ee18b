"""An Analysis of simulated respondents, in the shape of docs/analysis.md: the report's input in tests."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from nps_nlp.classify.labels import UNMENTIONED
from nps_nlp.insight import cells, count_groups, depth, impact_table, request_table, theme_trend
from nps_nlp.scorecard import build_scorecard
from nps_nlp.scoring import CATEGORY_NAMES, benjamini_hochberg, category, nps, nps_table
from nps_nlp.survey import Columns
from nps_nlp.tally import ALL, Tally
from tests.report import standin_words as words
from tests.report.standin_quotes import MONTHS, quotes_of, request_quotes_of

CATEGORIES = ("promoter", "passive", "detractor")
PLURAL = {"promoter": "promoters", "passive": "passives", "detractor": "detractors"}
BROKEN_FROM = 6  # the seventh month: the planted story
SIX = ("nps_of_mentioners", "impact", "impact_negative", "impact_positive", "bounded", "contribution")


class Change(NamedTuple):
    since: str | None
    before: float
    after: float
    p: float


NO_CHANGE = Change(None, float("nan"), float("nan"), float("nan"))


def people(language: str, n: int = 640, seed: int = 7) -> pd.DataFrame:
    """Simulate respondents: groups, month, complaints, praise, and the score that goes with them."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"period": rng.choice(MONTHS, n)})
    for heading, values in words.SEGMENTS[language].items():
        frame[heading] = rng.choice(values, n, p=_weights(len(values)))
    late = frame["period"].isin(MONTHS[BROKEN_FROM:]).to_numpy()
    standard = frame.iloc[:, 1].eq(words.SEGMENTS[language][frame.columns[1]][1]).to_numpy()
    writes = rng.random(n) < 0.62
    mood = rng.normal(8.1, 1.5, n) + 0.35 * writes
    for theme, _, _, bad, good in words.THEMES:
        rate = np.full(n, bad)
        if theme == "reliability":
            rate = 0.05 + 0.22 * late + 0.14 * standard
        frame[f"-{theme}"] = negative = writes & (rng.random(n) < rate)
        frame[f"+{theme}"] = positive = writes & (rng.random(n) < good)
        mood += -2.6 * negative + 0.9 * positive
    frame["score"] = np.clip(np.round(mood), 0, 10).astype(int)
    frame["category"] = pd.Series(category(frame["score"])).map(CATEGORY_NAMES)
    frame["writes"] = writes
    return frame


def _weights(k: int) -> np.ndarray:
    raw = 1 / np.arange(2, k + 2)
    return raw / raw.sum()


def _result(frame: pd.DataFrame) -> Any:
    return nps(*(int((frame["category"] == c).sum()) for c in CATEGORIES)) if len(frame) else None


def _points(frame: pd.DataFrame) -> np.ndarray:
    return frame["category"].map({"promoter": 100, "passive": 0, "detractor": -100}).to_numpy(float)


def _leave_out(points: np.ndarray, mask: np.ndarray, weight: np.ndarray) -> float:
    rest = weight * ~mask
    return float((points * weight).sum() / weight.sum() - (points * rest).sum() / max(rest.sum(), 1))


def _measures(points: np.ndarray, bad: np.ndarray, good: np.ndarray, w: np.ndarray) -> list[float]:
    every = bad | good
    total, base = (points * w).sum() / w.sum(), (w * every).sum()
    of = (points * w * every).sum() / base if base else np.nan
    return [
        of,
        _leave_out(points, every, w),
        _leave_out(points, bad, w),
        _leave_out(points, good, w),
        (of - total) * base / w.sum(),
        of * base / w.sum() * 0.7,
    ]


def themes_of(frame: pd.DataFrame, *, draws: int = 120) -> pd.DataFrame:
    """Return the themes table of those who wrote."""
    base = frame[frame["writes"]]
    points, rng = _points(base), np.random.default_rng(1)
    weights = rng.multinomial(len(base), np.full(len(base), 1 / len(base)), size=draws).astype(float)
    rows = []
    for theme, ja, en, *_ in words.THEMES:
        bad, good = base[f"-{theme}"].to_numpy(), base[f"+{theme}"].to_numpy()
        rows.append({"id": theme, "label_ja": ja, "label_en": en} | _counts(base, bad, good))
        boots = np.array([_measures(points, bad, good, w) for w in weights])
        for k, name in enumerate(SIX):
            rows[-1][name] = _measures(points, bad, good, np.ones(len(base)))[k]
            rows[-1][f"{name}_ci_low"], rows[-1][f"{name}_ci_high"] = np.nanquantile(boots[:, k], [0.025, 0.975])
    table = pd.DataFrame(rows).sort_values(["comments", "id"], ascending=[False, True], ignore_index=True)
    for side in ("negative", "positive"):
        width = (table[f"impact_{side}_ci_high"] - table[f"impact_{side}_ci_low"]).clip(lower=0.1)
        table[f"p_{side}"] = np.exp(-((table[f"impact_{side}"] / width * 2.4) ** 2))
        table[f"q_{side}"] = benjamini_hochberg(table[f"p_{side}"].to_numpy())
    return table.assign(shown=table["comments"] >= 8)


def _counts(base: pd.DataFrame, bad: np.ndarray, good: np.ndarray) -> dict[str, Any]:
    every, kind = bad | good, base["category"].to_numpy()
    row: dict[str, Any] = {"comments": int(every.sum()), "share": every.mean()}
    for c in CATEGORIES:
        row[PLURAL[c]] = int((every & (kind == c)).sum())
        for side, said in (("", every), ("negative_", bad), ("positive_", good)):
            row[f"share_{side}{PLURAL[c]}"] = said[kind == c].mean() if (kind == c).any() else np.nan
    return row | {"positive": int(good.sum()), "negative": int(bad.sum()), "neutral": 3}


def ranked(themes: pd.DataFrame, side: str, story: dict[str, Any]) -> pd.DataFrame:
    """Return drivers (negative) or strengths (positive) with who and since."""
    column = f"impact_{side}"
    kept = themes[themes[column] < 0] if side == "negative" else themes[themes[column] > 0]
    kept = kept.sort_values(column, ascending=side == "negative", ignore_index=True)
    blank = {
        "who_segment": None,
        "who_value": None,
        "who_share": np.nan,
        "who_rest_share": np.nan,
        "who_q": np.nan,
        "since": None,
        "since_before": np.nan,
        "since_after": np.nan,
        "since_q": np.nan,
    }
    extra = pd.DataFrame([blank | story.get(i, {}) for i in kept["id"]], columns=list(blank))
    return pd.concat([kept, extra], axis=1).assign(rank=range(1, len(kept) + 1))


def _story(language: str) -> dict[str, Any]:
    heading, values = next(iter(words.SEGMENTS[language].items()))
    who = {
        "who_segment": heading,
        "who_value": values[1],
        "who_share": 0.31,
        "who_rest_share": 0.14,
        "who_q": 0.002,
    }
    since = {"since": MONTHS[BROKEN_FROM], "since_before": 0.09, "since_after": 0.33, "since_q": 0.0004}
    return {"reliability": who | since}


def crosstab_of(themes: pd.DataFrame) -> pd.DataFrame:
    rows = [
        {
            "theme": t["id"],
            "category": c,
            "count": t[PLURAL[c]],
            "share": t[f"share_{PLURAL[c]}"],
            "expected": t["comments"] / 3,
            "lift": t[f"share_{PLURAL[c]}"] / t["share"],
            "residual": 1.5,
            "p": 0.02,
            "q": 0.04,
        }
        for t in themes.to_dict("records")
        for c in CATEGORIES
    ]
    return pd.DataFrame(rows)


def segments_of(frame: pd.DataFrame, headings: list[str]) -> pd.DataFrame:
    parts = []
    for heading in headings:
        counts = pd.crosstab(frame[heading], frame["category"]).reindex(columns=list(CATEGORIES), fill_value=0)
        counts = counts.rename(columns=PLURAL).rename_axis("value").reset_index()
        parts.append(nps_table(counts).assign(segment=heading, other=False))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def segment_themes_of(frame: pd.DataFrame, headings: list[str]) -> pd.DataFrame:
    rows, base = [], frame[frame["writes"]]
    for heading in headings:
        for value in base[heading].unique():
            inside, rest = base[base[heading] == value], base[base[heading] != value]
            rows.extend(_segment_theme(heading, value, theme, inside, rest) for theme, *_ in words.THEMES)
    return pd.DataFrame(rows)


def _segment_theme(heading: str, value: str, theme: str, inside: pd.DataFrame, rest: pd.DataFrame) -> dict[str, Any]:
    bad, good = inside[f"-{theme}"], inside[f"+{theme}"]
    share, other = bad.mean(), rest[f"-{theme}"].mean() if len(rest) else np.nan
    z = (share - other) / max(np.sqrt(0.09 / len(inside)), 0.01)
    return {
        "segment": heading,
        "value": value,
        "theme": theme,
        "writers": len(inside),
        "mentions": int((bad | good).sum()),
        "positive": int(good.sum()),
        "negative": int(bad.sum()),
        "share_negative": share,
        "rest_share_negative": other,
        "lift_negative": share / other if other else np.nan,
        "impact_negative": -10 * share,
        "nps_of_mentioners": 1.0,
        "p": np.exp(-abs(z)),
        "q": min(1.0, 3 * np.exp(-abs(z) * 1.4)),
    }


def trend_of(frame: pd.DataFrame) -> pd.DataFrame:
    counts = pd.crosstab(frame["period"], frame["category"]).reindex(columns=list(CATEGORIES), fill_value=0)
    return nps_table(counts.rename(columns=PLURAL).reset_index())


def theme_trend_of(frame: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for period, part in frame[frame["writes"]].groupby("period"):
        for theme, *_ in words.THEMES:
            bad, good = part[f"-{theme}"], part[f"+{theme}"]
            rows.append(
                {
                    "period": period,
                    "theme": theme,
                    "writers": len(part),
                    "mentions": int((bad | good).sum()),
                    "positive": int(good.sum()),
                    "negative": int(bad.sum()),
                    "share_mentions": (bad | good).mean(),
                    "share_negative": bad.mean(),
                    "share_positive": good.mean(),
                }
            )
    return pd.DataFrame(rows)


def terms_of(language: str) -> pd.DataFrame:
    known = words.TERMS_JA if language == "ja" else words.TERMS_EN
    rows = [
        {"theme": theme, "polarity": polarity, "term": term, "count": 31 - 5 * k}
        for theme, *_ in words.THEMES
        for polarity in ("negative", "positive")
        for k, term in enumerate(
            (known.get(theme) if polarity == "negative" else None) or words.FALLBACK_TERMS[language]
        )
    ]
    return pd.DataFrame(rows)


def _decisions(language: str, headings: list[str], score: str) -> list[dict[str, Any]]:
    text, group = (
        "free text: 82% different answers, 31 characters on average",
        "a group by its name: 4 values, 100% filled",
    )
    roles = [(score, "score", "named by the user")]
    roles += [(question, "comment", text) for question in words.QUESTIONS[language]]
    roles += [(heading, "segment", group) for heading in headings]
    return [{"heading": h, "role": r, "confidence": 0.9, "reason": why} for h, r, why in roles]


def settings_of(language: str, headings: list[str], writers: int) -> dict[str, Any]:
    score = {"ja": "すすめる可能性（0〜10）", "en": "How likely are you to recommend us (0–10)?"}[language]
    return {
        "title": {"ja": "ことり会計（架空）", "en": "Kotori Accounting (fictional)"}[language],
        "sources": [
            {
                "path": "exports/kotori_2026.csv",
                "format": "csv",
                "tool": "google_forms",
                "encoding": "utf-8",
                "notes": ["1 NUL bytes were removed"],
            }
        ],
        "questions": {},
        "columns": {
            "score": [score],
            "comments": list(words.QUESTIONS[language]),
            "date": "timestamp",
            "respondent": None,
            "segments": headings,
        },
        "decisions": _decisions(language, headings, score),
        "reasons": {"blank score": 5, "score 11 is outside 0–10": 2},
        "notes": ["3 rows without a readable date"],
        "versions": {"nps-nlp": "0.1.0", "fugashi": "1.5.2", "spacy": "3.8.18"},
        "model": {"name": "fast", "fingerprint": "3f9a0c1d2b4e5f60718293a4b5c6d7e8"},
        "taxonomy": "base",
        "seed": 20260,
        "confidence": 0.95,
        "language": language,
        "min_n": 8,
        "answers": 802,
        "fillers": 61,
        "writers": writers,
    }


def impacts_of(counted: Tally) -> pd.DataFrame:
    return impact_table(cells(counted, [theme for theme, *_ in words.THEMES]), seed=1)


def depth_of(counted: Tally, trend: pd.DataFrame) -> Any:
    themes = [theme for theme, *_ in words.THEMES]
    trends = trend, theme_trend(counted, themes)
    return depth(
        counted, themes, cells(counted, themes), trends, count_groups(counted, themes), seed=1, confidence=0.95
    )


def tally_of(frame: pd.DataFrame) -> Tally:
    """Count the respondents as the product does, for the tables that the stand-in takes from it."""
    counted = {name: Counter() for name in ("responses", "writers", "requests", "patterns")}
    for row in frame.to_dict("records"):
        counted["responses"][ALL, ALL, row["period"], row["score"]] += 1
        if row["writes"]:
            states = ((t, row[f"-{t}"] + 2 * row[f"+{t}"]) for t in sorted((theme for theme, *_ in words.THEMES)))
            counted["writers"][ALL, ALL, row["period"], row["score"]] += 1
            wished = [theme for theme in ("features", "price") if row[f"-{theme}"]]
            wished += [UNMENTIONED] if row["+information"] else []
            if wished:
                counted["requests"][row["score"], tuple(wished)] += 1
            counted["patterns"][row["period"], row["score"], tuple((t, s) for t, s in states if s)] += 1
    return Tally(**counted)


def build(language: str = "ja", *, n: int = 640) -> SimpleNamespace:
    """Return the whole stand-in."""
    frame = people(language, n)
    headings, themes = list(words.SEGMENTS[language]), themes_of(frame)
    counts = frame["score"].value_counts().reindex(range(11), fill_value=0)
    distribution = pd.DataFrame({"score": range(11), "count": counts.to_numpy(), "share": counts.to_numpy() / n})
    writers = frame[frame["writes"]]
    counted = tally_of(frame)
    trend = trend_of(frame)
    return SimpleNamespace(
        nps=_result(frame),
        writers=_result(writers),
        silent=_result(frame[~frame["writes"]]),
        distribution=distribution,
        themes=themes,
        impacts=impacts_of(counted),
        drivers=ranked(themes, "negative", _story(language)),
        strengths=ranked(themes, "positive", {}),
        crosstab=crosstab_of(themes),
        segments=segments_of(frame, headings),
        segment_themes=segment_themes_of(frame, headings),
        trend=trend,
        joined=None,
        repeated=None,
        scorecard=build_scorecard(counted, Columns("score"), confidence=0.95),
        depth=depth_of(counted, trend),
        theme_trend=theme_trend_of(frame),
        terms=terms_of(language),
        all_quotes=quotes_of(language, headings),
        nps_change=Change("2026-07", 11.4, -3.2, 0.011),
        questions=_questions(language),
        disagreement=_disagreement(),
        requests=request_table(counted, [theme for theme, *_ in words.THEMES]),
        request_quotes=request_quotes_of(language, headings),
        rows={"read": 647, "kept": n, "quarantined": 7, "duplicates": 2},
        settings=settings_of(language, headings, len(writers)),
    )


def _questions(language: str) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "heading": q,
                "answers": 401 - 120 * k,
                "fillers": 20 + 20 * k,
                "positive": 190 - 90 * k,
                "negative": 120 + 40 * k,
                "mixed": 40,
                "neutral": 51,
            }
            for k, q in enumerate(words.QUESTIONS[language])
        ]
    )


def _disagreement() -> pd.DataFrame:
    said = {"promoter": (88, 9, 20, 10), "passive": (40, 22, 21, 27), "detractor": (11, 76, 38, 16)}
    rows = [
        (c, s, n, n / sum(counts))
        for c, counts in said.items()
        for s, n in zip(("positive", "negative", "mixed", "neutral"), counts, strict=True)
    ]
    return pd.DataFrame(rows, columns=["category", "sentiment", "respondents", "share"])
