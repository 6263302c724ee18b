from __future__ import annotations

import sqlite3

import pytest

from nps_nlp.cli import main
from nps_nlp.intake import open_export
from nps_nlp.intake.sql_tables import open_query
from tests.intake.samples import ja_rows, refusal

QUERY = "select answered as 回答日時, score as NPS, why as 推奨の理由 from answers"


@pytest.fixture
def url(tmp_path):
    base = sqlite3.connect(tmp_path / "survey.db")
    base.execute("create table answers (answered text, score int, why text, sex text)")
    base.executemany("insert into answers values (?, ?, ?, ?)", ja_rows(40)[1:])
    base.commit()
    base.close()
    return f"sqlite:///{tmp_path / 'survey.db'}"


def test_the_rows_of_a_query(url):
    table = open_query(url, QUERY)
    expected = [["回答日時", "NPS", "推奨の理由"], *(row[:3] for row in ja_rows(40)[1:])]
    for _ in range(2):
        assert [row.cells for row in table.rows()] == expected
    export = open_export(table)
    assert sum(map(len, export.chunks(7))) == 40
    assert (export.columns.score, export.columns.comments) == ("NPS", ("推奨の理由",))


def test_on_the_command_line(url, capsys):
    assert main(["score", "--sql", url, QUERY]) == 0
    assert "40 read = 40 kept" in capsys.readouterr().out
    assert main(["inspect", "--sql", url, QUERY]) == 0
    assert "rows of an SQL query on sqlite:///survey.db" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["score", "a.csv", "--sql", url, QUERY])
    assert "either export files or --sql" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "query", "message"),
    [
        ("sqlite:///{}/none/at/all.db", "select 1", "unable to open database file"),
        ("sqlite:///:memory:", "select nonsense from nowhere", "no such table"),
        ("sqlite:///:memory:", "create table a (b int)", "does not return rows"),
        ("nonsense", "select 1", "the URL is none"),
        ("nodatabase://x", "select 1", "nodatabase"),
    ],
)
def test_what_cannot_be_queried_is_refused(url, query, message, tmp_path):
    assert message in refusal(lambda: list(open_query(url.format(tmp_path), query).rows()))


@pytest.mark.parametrize("secret", ["s3cret", "s3%40cret"])
def test_the_password_is_never_shown(secret, capsys):
    url = f"sqlite://user:{secret}@host/survey.db?password=hunter2"
    assert main(["inspect", "--sql", url, "select 1"]) == 1
    shown = capsys.readouterr()
    for word in ("s3cret", "s3@cret", "s3%40cret", "hunter2"):
        assert word not in shown.out + shown.err
