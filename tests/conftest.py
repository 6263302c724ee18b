"""What many tests need: the shared real data where it is present, and small surveys made on the spot."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import HealthCheck, settings

from nps_nlp.survey import Columns, IntakeLog, Survey

if TYPE_CHECKING:
    from collections.abc import Iterator

settings.register_profile(
    "repo", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], max_examples=50
)
settings.load_profile("repo")


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory) -> Iterator[None]:
    """No test writes into the cache of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NPS_NLP_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data: beside the checkout, or where NPS_NLP_SHARED says."""
    folder = Path(os.environ.get("NPS_NLP_SHARED", Path(__file__).parent.parent.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"the real data is not at {folder}")
    return folder


def make_survey(rows: list[tuple[int, str, str, str]]) -> Survey:
    """Build a Survey of (score, comment, group, ISO date) rows."""
    frame = pd.DataFrame(rows, columns=["score", "comment", "group", "date"])
    responses = pd.DataFrame(
        {
            "file": "made.csv",
            "row": range(2, len(rows) + 2),
            "respondent": "",
            "score": frame["score"].astype("int8"),
            "date": pd.to_datetime(frame["date"], errors="coerce").astype("datetime64[s]"),
        }
    )
    columns = Columns(score="score", comments=("comment",), date="date", segments=("group",))
    log = IntakeLog(read=len(rows), kept=len(rows))
    return Survey(responses, frame[["comment"]].astype("str"), frame[["group"]].astype("str"), columns, log)
