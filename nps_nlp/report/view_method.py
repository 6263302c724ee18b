"""What the last part of the page shows: how the report was made, and how to read each number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nps_nlp.report.format import DASH, clean, count, decimal, known, percent
from nps_nlp.report.tables import confidence_of, file_name, records
from nps_nlp.report.words import translate_reason

if TYPE_CHECKING:
    from nps_nlp.report.tables import Names
    from nps_nlp.report.words import Words
    from nps_nlp.result import Analysis

_SOURCE = ("path", "format", "tool", "encoding")
_QUESTION = ("answers", "fillers", "positive", "negative", "mixed", "neutral")
_SCORE_AIDS = ("interval",)
_THEME_AIDS = (
    "base",
    "shares",
    "impact_negative",
    "impact_positive",
    "impact",
    "bounded",
    "contribution",
    "q",
    "since",
)


def method_view(analysis: Analysis, names: Names) -> dict[str, Any]:
    """Return the contents of part 5."""
    words = names.words
    settings, rows = analysis.settings, analysis.rows
    numbers = {key: count(rows.get(key, 0)) for key in ("read", "kept", "quarantined")}
    used, unused = _decisions(settings, words)
    duplicates = rows.get("duplicates", 0)
    return {
        "rows": words("method.rows_sum", **numbers),
        "duplicates": words("method.duplicates", n=count(duplicates)) if duplicates else "",
        "reasons": [
            (translate_reason(why, words.language), words.many("method.rows_unit", int(n)))
            for why, n in settings.get("reasons", {}).items()
        ],
        "answers": _answers(settings, words),
        "masked": masked(settings, words),
        "notes": notes(settings, words),
        "source_heads": [words(f"column.{key}") for key in _SOURCE],
        "sources": [_source(source) for source in settings.get("sources", [])],
        "used": used,
        "unused": unused,
        "unused_label": words("method.columns_more", n=len(unused)),
        "question_heads": [words(f"column.{key}") for key in _QUESTION],
        "questions": [
            {"question": names.heading(r["heading"]), "cells": [count(r[key]) for key in _QUESTION]}
            for r in records(analysis.questions)
        ],
        "facts": facts(analysis, words),
        "aids": aids(analysis, words),
    }


def notes(settings: dict[str, Any], words: Words) -> list[str]:
    """Return what was noticed while reading, of the whole input and of single files."""
    whole = [str(note) for note in settings.get("notes", [])]
    said = [translate_reason(note, words.language) for note in whole]
    for source in settings.get("sources", []):
        about = f"{file_name(source['path'])}{words('page.separator')}"
        said += [about + clean(translate_reason(str(n), words.language)) for n in source.get("notes", ())]
    return said


def _answers(settings: dict[str, Any], words: Words) -> str:
    if not settings.get("answers"):
        return ""
    return words("method.answers", **{key: count(settings.get(key, 0)) for key in ("answers", "fillers", "writers")})


def masked(settings: dict[str, Any], words: Words) -> str:
    """Return what personal data was masked, in a sentence; nothing where an Analysis does not tell."""
    if "masked" not in settings:
        return ""
    found = settings["masked"]
    if not found:
        return words("masked.off" if found is None else "masked.none")
    listed = [words.many("masked.kind", n, kind=words(f"masked.{kind}")) for kind, n in found.items()]
    return words("masked.found", found=words("masked.comma").join(listed))


def _source(source: dict[str, Any]) -> list[str]:
    plain = {**source, "path": file_name(source["path"])}
    return [clean(plain[key]) if known(plain.get(key)) else DASH for key in _SOURCE]


def _decisions(settings: dict[str, Any], words: Words) -> tuple[list[list[str]], list[list[str]]]:
    """Return the columns that the report rests on, and the others."""
    used: list[list[str]] = []
    unused: list[list[str]] = []
    roles = settings.get("columns", {})
    companions = {*roles.get("ratings", ()), roles.get("touchpoint")}
    for decision in settings.get("decisions", []):
        line = [
            clean(decision["heading"]),
            words.named("role", decision["role"]),
            percent(decision.get("confidence")),
            translate_reason(str(decision["reason"]), words.language),
        ]
        rests = decision["role"] in {"score", "comment", "date", "respondent", "segment", "weight", "wave", "key"}
        rests = rests or decision["heading"] in companions
        (used if rests else unused).append(line)
    return used, unused


def facts(analysis: Analysis, words: Words) -> list[tuple[str, str]]:
    """Return model, taxonomy, settings and versions as label and value."""
    settings = analysis.settings
    model, found = settings.get("model") or {}, []
    if model:
        fingerprint = str(model.get("fingerprint") or "")[:16]
        found.append((words("method.model"), f"{model.get('name', '')} ({words('method.fingerprint')} {fingerprint})"))
    plain = [key for key in ("taxonomy", "min_n", "seed") if known(settings.get(key))]
    found += [(words(f"method.{key}"), clean(settings[key])) for key in plain]
    found.append((words("method.confidence"), confidence_of(analysis)))
    found.append((words("method.interval_method"), str(analysis.nps.method)))
    versions = ", ".join(f"{name} {version}" for name, version in settings.get("versions", {}).items())
    return [*found, (words("method.versions"), versions)]


def aids(analysis: Analysis, words: Words) -> list[tuple[str, str]]:
    """Return how to read each number that this report shows."""
    weighted = ("weights",) if analysis.scorecard.weighting is not None else ()
    keys = [*_SCORE_AIDS, *weighted, *((*_THEME_AIDS, "importance") if records(analysis.themes) else ())]
    times = decimal(100 * float(analysis.nps.confidence), 0)
    filled = {"confidence": confidence_of(analysis), "times": times}
    return [(words(f"term.{key}", **filled), words(f"aid.{key}", **filled)) for key in keys]
