"""Scores an analyst can sign: no text, only counts.

Start with `nps` (three counts) or `nps_of_scores` (raw answers); `nps_table` does a whole table of segments
or periods at once. Counts always come in the order promoters, passives, detractors, scores and limits in NPS
points (-100 to 100), and ``METHODS`` lists the intervals. To compare, take `nps_test` (two groups),
`nps_test_paired` (the same respondents twice), `nps_test_groups` (several) or `nps_trend` (over time), with
`benjamini_hochberg` where many tests are read together. `sample_size` and `sample_size_note` say how many
responses are enough, `weighted_nps` takes survey weights, `centre_note` and `break_point_table` show how far
a habit of answering in the middle moves the score, and `top_box` and `mean_score` do CSAT and CES.
"""

from nps_nlp.scoring.compare import NpsComparison, nps_test, nps_test_paired
from nps_nlp.scoring.groups import GroupsTest, nps_test_groups
from nps_nlp.scoring.intervals import METHODS, response_variance
from nps_nlp.scoring.multiplicity import benjamini_hochberg, holm
from nps_nlp.scoring.nps import NpsResult, nps, nps_of_scores, nps_se, nps_table
from nps_nlp.scoring.sample_size import SampleNote, margin_of_error, sample_size, sample_size_note
from nps_nlp.scoring.satisfaction import (
    MeanResult,
    ShareResult,
    mean_of_distribution,
    mean_score,
    top_box,
    top_box_of_distribution,
    wilson_interval,
)
from nps_nlp.scoring.scales import (
    CATEGORY_NAMES,
    ENPS,
    NPS,
    Scale,
    category,
    category_counts,
    category_counts_of_distribution,
    distribution,
)
from nps_nlp.scoring.shape import CentreNote, Shape, break_point_table, centre_note, shape_summary
from nps_nlp.scoring.trend import NpsTrend, nps_trend
from nps_nlp.scoring.weights import (
    WeightedNpsResult,
    normalised_weights,
    weight_sums,
    weighted_nps,
    weighted_nps_of_scores,
)

__all__ = [
    "CATEGORY_NAMES",
    "ENPS",
    "METHODS",
    "NPS",
    "CentreNote",
    "GroupsTest",
    "MeanResult",
    "NpsComparison",
    "NpsResult",
    "NpsTrend",
    "SampleNote",
    "Scale",
    "Shape",
    "ShareResult",
    "WeightedNpsResult",
    "benjamini_hochberg",
    "break_point_table",
    "category",
    "category_counts",
    "category_counts_of_distribution",
    "centre_note",
    "distribution",
    "holm",
    "margin_of_error",
    "mean_of_distribution",
    "mean_score",
    "normalised_weights",
    "nps",
    "nps_of_scores",
    "nps_se",
    "nps_table",
    "nps_test",
    "nps_test_groups",
    "nps_test_paired",
    "nps_trend",
    "response_variance",
    "sample_size",
    "sample_size_note",
    "shape_summary",
    "top_box",
    "top_box_of_distribution",
    "weight_sums",
    "weighted_nps",
    "weighted_nps_of_scores",
    "wilson_interval",
]
