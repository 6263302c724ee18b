import random

import pytest

from nps_nlp.scoring.natural import natural_places


@pytest.mark.parametrize(
    "names",
    [
        ["10代", "20代", "60代", "60代以上"],
        ["18歳未満", "18〜24歳", "25〜34歳", "65歳以上", "無回答"],
        ["日帰り", "1泊2日", "2泊3日", "3泊以上"],
        ["初めて", "2〜4回", "5回以上", "覚えていない"],
        ["0円", "1〜1,000円", "1,001〜3,000円", "3,001〜5,000円"],
        ["使わない", "1,000円未満", "1,000円以上 3,000円未満", "3,000円以上 5,000円未満", "100,000円以上"],
        ["5千円未満", "1万円未満", "1万円〜3万円", "10万円以上"],
        ["30分未満", "30分〜1時間", "2時間以上", "半日", "1日"],
        ["6か月未満", "1年未満", "1〜3年", "3年以上"],
        ["10名以下", "11〜50名", "51〜300名", "1,000名以上"],
        ["Under 18", "18-24", "25-34", "65+", "Prefer not to say"],
        ["Less than a month", "1-6 months", "Less than 1 year", "1-2 years", "More than 5 years"],
        ["1", "2", "10", "11"],
    ],
)
def test_names_come_in_the_order_they_have_by_themselves(names):
    shuffled = random.Random(1).sample(names, len(names))
    places = natural_places(shuffled)
    assert sorted(shuffled, key=places.get) == names


@pytest.mark.parametrize(
    "names",
    [["東京", "大阪"], ["Tokyo", "3rd office"], ["プランA", "プランB"], ["20代"], [], ["自分ひとり", "2人", "友人"]],
)
def test_names_without_an_order_have_none(names):
    assert natural_places(names) is None
