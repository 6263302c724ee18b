"""Train the fast tier: on labelled comments, and on what a larger model says of public answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nps_nlp.classify import load_classifier
from nps_nlp.classify.gold import read_gold
from nps_nlp.classify.train import lessons_of, train_fast
from nps_nlp.errors import InputError
from nps_nlp.training.data import holds_keys, public_rows, texts_of, unlabelled

# Of the public answers every third is read: enough for the frequent words, and training stays a matter of minutes.
_EVERY = 3

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


def train_student(
    gold: Sequence[Path],
    folder: Path,
    teacher: str | None = None,
    data: Path | None = None,
    measured_on: Sequence[Path] = (),
    report: Callable[[str], None] = lambda _: None,
) -> None:
    """Train the fast tier and write its folder.

    Parameters
    ----------
    gold : sequence of Path
        Labelled comments; a file may hold labels of public answers instead, which are looked up in `data`.
    folder : Path
    teacher : str, optional
        Name or folder of the model that labels the public answers.
    data : Path, optional
        Folder of public answers.
    measured_on : sequence of Path
        Labelled comments that only measure: the teacher is not asked about their texts.
    report : callable
        Is told the progress.

    Raises
    ------
    InputError
        When a teacher or labels of public answers are given without the answers.
    """
    public = [path for path in gold if path.is_file() and holds_keys(path)]
    if data is None and (public or teacher):
        raise InputError("train: name the folder of the public answers with --data.")
    pairs = unlabelled(data) if data else []
    rows = read_gold([path for path in gold if path not in public])
    rows += [row for path in public for row in public_rows(path, pairs)]
    lessons = []
    if teacher:
        banned = texts_of(measured_on)
        taught = [pair for pair in pairs[::_EVERY] if pair[1] not in banned]
        report(f"{teacher} reads {len(taught):,} public answers")
        lessons = lessons_of(load_classifier(teacher), taught)
    train_fast(rows, folder, report, lessons)
