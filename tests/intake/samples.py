"""Small exports written by the tests themselves, in the shape that the survey tools write."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

import pytest

from nps_nlp.errors import InputError
from nps_nlp.intake import read_export

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from nps_nlp.survey import Survey

JA = ["回答日時", "NPS", "推奨の理由", "性別"]
EN = ["Date", "How likely are you to recommend us?", "Why?", "Plan"]

_REASONS = [
    "店員さんがとても親切で、料理も美味しかった。",
    "駅から遠くて少し不便でした",
    "値段は高いけれど満足しています！",
    "待ち時間が長い\nもう少し早くしてほしい",
    "特になし",
    "景色がきれいで、また来たいと思いました😀",
]


def ja_rows(n: int) -> list[list[str]]:
    """Return headings and `n` different Japanese responses with every score from 0 to 10."""
    answers = [
        [
            f"2024-05-{i % 28 + 1:02} 10:{i % 60:02}:00",
            str(i % 11),
            f"{_REASONS[i % 6]}",
            ["男性", "女性"][i % 2],
        ]
        for i in range(n)
    ]
    return [JA, *answers]


def csv_text(rows: Iterable[Sequence[object]], delimiter: str = ",", end: str = "\r\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def write(path: Path, content: str | bytes | Sequence[Sequence[object]]) -> Path:
    """Write a file: bytes as they are, text as UTF-8, rows as CSV."""
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_bytes((content if isinstance(content, str) else csv_text(content)).encode())
    return path


def write_jsonl(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    lines = (json.dumps(dict(zip(rows[0], row, strict=True)), ensure_ascii=False) for row in rows[1:])
    return write(path, "".join(f"{line}\n" for line in lines))


def refusal(call: Callable[[], object]) -> str:
    """Return the one sentence, with a next step, that a call refuses its input with."""
    with pytest.raises(InputError) as caught:
        call()
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith(".")
    assert not re.search(r"[.!?] [A-Z]", message), f"more than one sentence: {message}"
    assert re.search(r"; |: name|: check", message), f"no next step: {message}"
    return message


def survey_or_message(path: Path) -> Survey | str:
    """Return what a file is read as, or the message that it is refused with."""
    try:
        return read_export(path)
    except InputError as error:
        return str(error)


def assert_accounted(survey: Survey) -> None:
    """Check that every row that was read is a response or set aside."""
    log = survey.log
    assert log.read == log.kept + len(log.quarantined)
    assert log.kept == len(survey) == len(survey.comments) == len(survey.segments)
    assert survey.responses["score"].between(0, 10).all()
