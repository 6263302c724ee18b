import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.errors import InputError
from nps_nlp.scoring import CrmColumns, join_crm

ANSWERS = pd.DataFrame({"id": ["a", "a", "b", "x", None], "score": [10, 7, 2, 5, 9]}, index=[5, 6, 7, 8, 9])
CRM = pd.DataFrame({"id": ["a", "b", "c", ""], "account": ["A社", "", "C", "D"], "sales": ["¥1,000", "", 5, 6]})


def test_every_row_of_both_sides_is_accounted_for():
    join = join_crm(ANSWERS, CRM, CrmColumns("id", account="account", revenue="sales"))
    assert join.table.index.tolist() == [5, 6, 7]
    assert join.table["part"].tolist() == [0.5, 0.5, 1.0]
    assert join.table["category"].tolist() == [1, 0, -1]
    assert join.table["account"].tolist() == ["A社", "A社", "(not given)"]
    assert join.table["revenue"].iloc[:2].tolist() == [1000, 1000]
    assert join.respondents_only.to_dict("list") == {
        "row": [8, 9],
        "key": ["x", ""],
        "reason": ["not in the CRM table", "no key"],
        "score": [5, 9],
    }
    assert join.crm_only.to_dict("list") == {"row": [2, 3], "key": ["c", ""], "reason": ["nobody answered", "no key"]}
    assert join.customers == 2
    assert join.en == "3 of 5 respondents joined 2 of 4 CRM rows; 2 respondents and 2 CRM rows found no partner."
    assert join.ja.startswith("回答者5人のうち3人を、CRM4行のうち2行と結び付けました。")


keys = st.lists(st.integers(0, 15), min_size=1, max_size=30)


@given(keys, st.sets(st.integers(0, 15), min_size=1))
def test_counts_add_up_on_both_sides(answers, customers):
    respondents = pd.DataFrame({"id": answers, "score": 9})
    crm = pd.DataFrame({"key": sorted(map(str, customers))})
    columns = CrmColumns("key", respondent_key="id")
    if not set(answers) & customers:
        with pytest.raises(InputError, match="no respondent joins a CRM row"):
            join_crm(respondents, crm, columns)
        return
    join = join_crm(respondents, crm, columns)
    assert len(join.table) + len(join.respondents_only) == len(answers)
    assert join.customers + len(join.crm_only) == len(customers)
    assert join.table["part"].sum() == pytest.approx(join.customers)


def test_a_file_joins_and_its_rows_are_counted_as_a_spreadsheet_does(tmp_path):
    path = tmp_path / "crm.csv"
    path.write_text("顧客ID,更新\n1,はい\n2,いいえ\n3,○\n", "cp932")
    answers = pd.DataFrame({"customer": [1, 2.0], "score": [9, 3]})
    join = join_crm(answers, path, CrmColumns("顧客ID", respondent_key="customer", renewal="更新"))
    assert join.table["renewal"].tolist() == [1, 0]
    assert join.crm_only["row"].tolist() == [4]


def test_repeated_row_labels_of_the_respondents_do_no_harm():
    answers = pd.DataFrame({"id": ["b", "a"], "score": [1, 9]}, index=[0, 0])
    assert join_crm(answers, CRM, CrmColumns("id")).table["key"].tolist() == ["b", "a"]


def test_duplicate_keys_of_the_crm_are_named():
    crm = pd.DataFrame({"id": ["a", "b", "a", "ｂ", "", ""]})
    with pytest.raises(InputError, match=r"the CRM table, column id: 2 keys stand in more than one row \(a, b\)"):
        join_crm(ANSWERS, crm, CrmColumns("id"))


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (CrmColumns("id", revenue="profit"), "the CRM table: no column 'profit'; it has 'id', 'account', 'sales'"),
        (CrmColumns("id", score="nps"), "the table of respondents: no column 'nps'"),
        (CrmColumns("id", renewal="account"), "column account: 'A社' is not yes, no"),
        (CrmColumns("account", respondent_key="id"), "no respondent joins a CRM row: keys such as 'a', 'b', 'x'"),
    ],
)
def test_tables_that_do_not_fit_are_named(columns, message):
    with pytest.raises(InputError, match=message):
        join_crm(ANSWERS, CRM, columns)


def test_respondents_without_a_score_are_refused():
    with pytest.raises(ValueError, match="missing score at position 0"):
        join_crm(ANSWERS.assign(score=None), CRM, CrmColumns("id"))
