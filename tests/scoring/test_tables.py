import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.errors import InputError
from nps_nlp.scoring._tables import key_text, numbers, read_table, times


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_files_of_any_usual_encoding_and_delimiter(tmp_path, encoding, delimiter):
    path = tmp_path / "crm.csv"
    path.write_text(f"顧客{delimiter}売上\n\n山田商店{delimiter}001\n株式会社サンプル{delimiter}2\n", encoding)
    table, name = read_table(path, "the table")
    assert name == str(path)
    assert table.to_dict("list") == {"顧客": ["山田商店", "株式会社サンプル"], "売上": ["001", "2"]}
    # As a spreadsheet counts: headings in row 1, a blank row 2.
    assert table.index.tolist() == [3, 4]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"a,b\n1,2\n1,2,3\n", "row 3: 3 cells under 2 headings"),
        (b"a,a\n1,2\n", "'a' stands there more than once"),
        (b'a,b\n"1"x,2\n', "line 2: .*quotation marks"),
        (b"\x00\x01\x02\x03" * 40, "the file is binary"),
    ],
)
def test_files_that_are_no_table_are_named(tmp_path, content, message):
    path = tmp_path / "crm.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=rf"crm\.csv.*{message}"):
        read_table(path, "the table")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match=r"missing\.csv: cannot be read .*check the path"):
        read_table(tmp_path / "missing.csv", "the table")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-8.1", -8.1),
        ("−8.1", -8.1),
        ("▲8.1", -8.1),
        ("△ 8.1", -8.1),
        ("(8.1)", -8.1),
        ("－８．１", -8.1),
        ("+5", 5),
        ("1,234,567", 1234567),
        ("¥1,200", 1200),
        ("-¥1,200", -1200),
        ("1200円", 1200),
        ("12 ポイント", 12),
        ("1e3", 1000),
        (7, 7),
        (np.float64(2.5), 2.5),
    ],
)
def test_numbers_as_people_write_them(text, value):
    assert numbers(pd.Series([text], dtype=object), "x").tolist() == [value]


@pytest.mark.parametrize("text", ["1,2", "12,34", "abc", "--5", "1.2.3", "inf", "nan5", "n/a"])
def test_what_is_no_number_is_named_with_its_row(text):
    column = pd.Series(["1", text, text], index=[2, 3, 7])
    with pytest.raises(InputError, match=r"sales: .* is not a number; see row 3, 7"):
        numbers(column, "sales")


@given(st.floats(-1e12, 1e12))
def test_numbers_that_python_writes_are_read_back(value):
    assert numbers(pd.Series([repr(value), value], dtype=object), "x").tolist() == [value, value]


def test_yes_no_and_counts():
    column = pd.Series(["YES", "no", "はい", "×", "更新", "解約", True, False, 0, "３", np.nan, " "], dtype=object)
    found = times(column, "renewed")
    assert found.iloc[:10].tolist() == [1, 0, 1, 0, 1, 0, 1, 0, 0, 3]
    assert found.iloc[10:].isna().all()
    with pytest.raises(InputError, match=r"renewed: '-1' is not yes, no .* see row 0"):
        times(pd.Series(["-1"]), "renewed")


def test_keys_compare_as_text():
    column = pd.Series([7, 7.0, "7", " ７ ", "007", np.nan, None, ""], dtype=object)
    assert key_text(column).tolist() == ["7", "7", "7", "7", "007", "", "", ""]
