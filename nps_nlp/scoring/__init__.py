"""Scores an analyst can sign: no text, only counts.

Start with `nps` (three counts) or `nps_of_scores` (raw answers); `nps_table` does a whole table of segments
or periods at once. Counts always come in the order promoters, passives, detractors, scores and limits in NPS
points (-100 to 100), and ``METHODS`` lists the intervals. To compare, take `nps_test` (two groups),
`nps_test_paired` (the same respondents twice), `nps_test_people` (some of the same), `nps_test_groups` (several) or
`nps_trend` (over time), with
`benjamini_hochberg` where many tests are read together. `sample_size` and `sample_size_note` say how many
responses are enough, `weighted_nps` takes survey weights,
`repeated_answers` counts people who answered twice once, `centre_note` and `break_point_table` show how far
a habit of answering in the middle moves the score, and `top_box` and `mean_score` do CSAT and CES.

Beside the survey: `response_rate` and `nonresponse` (who was asked), `panel_moves` (who moved between two
waves), `load_benchmarks`, `compare_with_benchmarks` and `usual_reading` (the industry), and `join_crm` with
`business_outcomes` (revenue, renewal, sales and referrals).
"""

from nps_nlp.scoring.benchmarks import (
    compare_with_benchmarks,
    example_benchmarks,
    industry_rows,
    load_benchmarks,
)
from nps_nlp.scoring.by import nps_by, nps_of_counts
from nps_nlp.scoring.clusters import RepeatedAnswers, repeated_answers
from nps_nlp.scoring.compare import NpsComparison, nps_test, nps_test_paired, nps_test_people
from nps_nlp.scoring.crm import CrmColumns, CrmJoin, join_crm
from nps_nlp.scoring.groups import GroupsTest, nps_test_groups
from nps_nlp.scoring.intervals import METHODS, response_variance
from nps_nlp.scoring.multiplicity import benjamini_hochberg, holm
from nps_nlp.scoring.nonresponse import NonResponse, nonresponse, nonresponse_of_counts
from nps_nlp.scoring.nps import NpsResult, nps, nps_of_scores, nps_se, nps_table
from nps_nlp.scoring.outcomes import (
    BusinessOutcomes,
    business_outcomes,
    nps_by_account,
    outcome_trends,
    rates_by_category,
    revenue_by_category,
    revenue_weighted_nps,
)
from nps_nlp.scoring.panel import PanelMoves, panel_moves
from nps_nlp.scoring.reading import UsualReading, usual_reading
from nps_nlp.scoring.response import ResponseRate, response_rate
from nps_nlp.scoring.sample_size import SampleNote, margin_of_error, sample_size, sample_size_note
from nps_nlp.scoring.satisfaction import (
    MeanResult,
    ShareResult,
    mean_of_distribution,
    mean_score,
    rating_summary,
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
    weighted_nps_table,
)

__all__ = [
    "CATEGORY_NAMES",
    "ENPS",
    "METHODS",
    "NPS",
    "BusinessOutcomes",
    "CentreNote",
    "CrmColumns",
    "CrmJoin",
    "GroupsTest",
    "MeanResult",
    "NonResponse",
    "NpsComparison",
    "NpsResult",
    "NpsTrend",
    "PanelMoves",
    "RepeatedAnswers",
    "ResponseRate",
    "SampleNote",
    "Scale",
    "Shape",
    "ShareResult",
    "UsualReading",
    "WeightedNpsResult",
    "benjamini_hochberg",
    "break_point_table",
    "business_outcomes",
    "category",
    "category_counts",
    "category_counts_of_distribution",
    "centre_note",
    "compare_with_benchmarks",
    "distribution",
    "example_benchmarks",
    "holm",
    "industry_rows",
    "join_crm",
    "load_benchmarks",
    "margin_of_error",
    "mean_of_distribution",
    "mean_score",
    "nonresponse",
    "nonresponse_of_counts",
    "normalised_weights",
    "nps",
    "nps_by",
    "nps_by_account",
    "nps_of_counts",
    "nps_of_scores",
    "nps_se",
    "nps_table",
    "nps_test",
    "nps_test_groups",
    "nps_test_paired",
    "nps_test_people",
    "nps_trend",
    "outcome_trends",
    "panel_moves",
    "rates_by_category",
    "rating_summary",
    "repeated_answers",
    "response_rate",
    "response_variance",
    "revenue_by_category",
    "revenue_weighted_nps",
    "sample_size",
    "sample_size_note",
    "shape_summary",
    "top_box",
    "top_box_of_distribution",
    "usual_reading",
    "weight_sums",
    "weighted_nps",
    "weighted_nps_of_scores",
    "weighted_nps_table",
    "wilson_interval",
]
