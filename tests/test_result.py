import pytest

from nps_nlp import analyze, demo_path
from nps_nlp.errors import InputError


def test_quotes_of_a_theme_that_is_not_there_are_refused_with_those_that_are():
    analysis = analyze(demo_path("en"), model="fast")
    first = analysis.drivers["id"].iloc[0]
    assert set(analysis.quotes(first, polarity="negative")["polarity"]) == {"negative"}
    with pytest.raises(InputError, match=r"theme 'acess' .* access"):
        analysis.quotes("acess")
    with pytest.raises(InputError, match="negative, positive"):
        analysis.quotes("access", polarity="bad")
    with pytest.raises(InputError, match="promoter, passive"):
        analysis.quotes("access", category="detractors")
