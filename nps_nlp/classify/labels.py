"""The label sets that every classifier shares; ``docs/labels.md`` defines them."""

from __future__ import annotations

SENTIMENTS = ("positive", "negative", "mixed", "neutral")
INTENTS = ("praise", "complaint", "suggestion", "none")
UNMENTIONED = "unmentioned"  # where the id of a theme stands: no theme of the taxonomy
