import json

from nps_nlp.analysis import analyze
from nps_nlp.demo import demo_path


def test_contract_of_analysis_json():
    result = json.loads(analyze(demo_path("ja")).to_json())
    assert set(result["nps"]) >= {
        "score",
        "n",
        "promoters",
        "passives",
        "detractors",
        "ci_low",
        "ci_high",
        "confidence",
        "method",
    }
    assert set(result["rows"]) == {"read", "kept", "quarantined", "duplicates"}
    theme = result["themes"][0]
    named = {
        "id",
        "label_ja",
        "label_en",
        "comments",
        "promoters",
        "passives",
        "detractors",
        "positive",
        "negative",
    }
    measured = {
        f"{m}{e}"
        for m in ("nps_of_mentioners", "impact", "impact_negative", "impact_positive")
        for e in ("", "_ci_low", "_ci_high")
    }
    assert named | measured <= set(theme)
    assert {"versions", "model", "seed", "columns"} <= set(result["settings"])


def test_numbers_are_rounded_and_undefined_ones_null():
    text = analyze(demo_path("ja")).to_json()
    assert "NaN" not in text
    assert "Infinity" not in text
