"""Read exports as one survey: decide on a sample, then stream every row, accounting for each."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from nps_nlp.errors import InputError
from nps_nlp.intake.codings import CODINGS, ScoreCoding, find_coding, labelled
from nps_nlp.intake.companions import check_weights
from nps_nlp.intake.dates import day_comes_first
from nps_nlp.intake.encodings import named_encoding
from nps_nlp.intake.files import find_inputs
from nps_nlp.intake.look import look_at, look_at_files, together
from nps_nlp.intake.profile import describe_all
from nps_nlp.intake.reader import Draft, FileReader, Plan
from nps_nlp.intake.repeats import Seen
from nps_nlp.intake.roles import Wishes, assign_roles
from nps_nlp.intake.rows import Table
from nps_nlp.intake.score_column import check_sample, check_scale, count_numbers, listing
from nps_nlp.intake.shorter_scale import remark
from nps_nlp.survey import Columns, IntakeLog, SourceFile, Survey

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from nps_nlp.intake.layout import Layout
    from nps_nlp.intake.look import Look
    from nps_nlp.intake.profile import Profile
    from nps_nlp.survey import Role

CHUNK_ROWS = 10_000
_UNSURE_DATES = "dates such as 03/04/2024 were read as month/day, for no day above 12 was seen in the first rows"


@dataclass
class Export:
    """Input files whose columns are understood; ``chunks()`` streams the responses.

    Attributes
    ----------
    layouts : tuple of Layout
        The files with their headings.
    columns : Columns
        The role of every column of the union of the files.
    sources : tuple of SourceFile
        What each file was read as.
    notes : tuple of str
        Files that were left out, and why; how scores are coded; which of several scores was taken.
    estimated_rows : int
        How many rows ``chunks()`` will read, about: exact for small files.
    day_first : bool
        Whether ``03/04/2024`` is 3 April.
    drop_duplicates, with_comments : bool
        As given to `open_export`.
    codings : dict of str to str
        How each score column writes the 0–10 answer.
    log : IntakeLog
        The account of the rows read so far, complete once ``chunks()`` is exhausted.
    """

    layouts: tuple[Layout, ...]
    columns: Columns
    sources: tuple[SourceFile, ...]
    notes: tuple[str, ...] = ()
    estimated_rows: int = 0
    day_first: bool = False
    drop_duplicates: bool = False
    with_comments: bool = True
    codings: dict[str, ScoreCoding] = field(default_factory=dict)
    log: IntakeLog = field(default_factory=IntakeLog)

    @property
    def name(self) -> str:
        """The input in a few words, for titles and messages."""
        return together([layout.table.path for layout in self.layouts])

    def chunks(self, rows: int = CHUNK_ROWS) -> Iterator[Survey]:
        """Yield the kept responses, from `rows` rows of the input at a time; the log has all.

        Files are read last first, rows in their order: of an answer that several files hold, the last is kept.

        Raises
        ------
        InputError
            After the last row of a file whose scores turn out to be on another scale; or after the last row
            of all when not one could be used.
        """
        if rows < 1:
            raise ValueError(f"rows must be at least 1, not {rows}")
        self.log = IntakeLog()
        draft = Draft(log=IntakeLog(notes=Counter(self.notes)))
        plan, seen, numbers = self._plan(), Seen(several=len(self.layouts) > 1), Counter[float]()
        for layout in reversed(self.layouts):
            reader = FileReader(plan, layout, seen)
            reader.start(draft.log)
            while reader.fill(draft, rows):
                yield self._finish(plan, draft)
                draft = Draft()
            numbers.update(reader.finish())
        if draft.log.read or draft.log.notes:
            yield self._finish(plan, draft)
        check_scale(self.name, self.columns.score, numbers)
        self._check_any_kept()

    def set_all_aside(self) -> None:
        """Account for every row of an input that has no score column, so that none can be used."""
        self.log = IntakeLog(notes=Counter(self.notes))
        for layout in self.layouts:
            for row in layout.answers(layout.table.rows()):
                self.log.read += 1
                self.log.quarantine(str(layout.table.path), row.number, "no score column", row.cells)

    def _plan(self) -> Plan:
        headings = tuple(dict.fromkeys(heading for layout in self.layouts for heading in layout.headings))
        comments = self.columns.comments if self.with_comments else ()
        return Plan(self.columns, comments, headings, self.day_first, self.drop_duplicates, self.codings)

    def _finish(self, plan: Plan, draft: Draft) -> Survey:
        survey = plan.survey(draft)
        self.log += survey.log
        return survey

    def _check_any_kept(self) -> None:
        if not self.log.kept:
            reasons = ", ".join(f"{n} × {reason}" for reason, n in list(self.log.reasons().items())[:5])
            raise InputError(
                f"{self.name}: none of the {self.log.read} rows can be used ({reasons}); "
                f"the score was looked for in {self.columns.score!r}, name another column with --score."
            )


class Options(TypedDict, total=False):
    """The options of `open_export`."""

    score: str | None
    comments: str | Sequence[str]
    segments: str | Sequence[str]
    date: str | None
    respondent: str | None
    tool: str | None
    encoding: str | None
    score_coding: str | None
    drop_duplicates: bool
    with_comments: bool
    need_score: bool
    weight: str | None
    touchpoint: str | None
    wave: str | None
    key: str | None


def open_export(inputs: Iterable[str | Path] | str | Path | Table, **options: Unpack[Options]) -> Export:
    """Understand the columns of one or more export files without keeping their rows.

    Parameters
    ----------
    inputs : str, Path, iterable of them, or Table
        Files, folders or glob patterns; read as one survey with the union of their columns. Or one table that
        is open already.
    score, comments, segments, date, respondent : str or sequences of str, optional
        Columns by heading or question text; found from names and contents where not given.
    tool : str, optional
        Preset id of the survey tool; recognised from the contents where not given.
    encoding : str, optional
        Encoding of text files, such as ``cp932``; found on the evidence of the whole file where not given.
    score_coding : {'0-10', '1-11', 'groups'}, optional
        How the score column writes the answer: as it is, counted from 1, or as promoter, passive and detractor.
        Found from the contents where not given; another coding than 0–10 is always said in ``notes``.
    drop_duplicates : bool, default False
        Set exact repetitions of a row aside instead of keeping and counting them.
    with_comments : bool, default True
        Without them the Surveys have no comment columns, and scoring alone is faster; the roles are the same.
    need_score : bool, default True
        Refuse an input in which no column, or more than one, can be the score. Without it such an input is only
        described: ``columns.score`` is empty and ``notes`` says so.
    weight, touchpoint, wave : str, optional
        Columns of the survey weights, of what the score is about, and of the wave; found where not given,
        ``"none"`` where they must not be used.
    key : str, optional
        Column of the customer or account, to join other tables on.

    Raises
    ------
    InputError
        With the file, the column and the next step.

    Examples
    --------
    >>> from nps_nlp.demo import demo_path
    >>> export = open_export(demo_path("ja"), with_comments=False)
    >>> export.columns.date, [len(survey) for survey in export.chunks(rows=300)]
    ('タイムスタンプ', [300, 178])
    """
    tool, score, coding = options.get("tool"), options.get("score"), options.get("score_coding")
    if coding not in {None, *CODINGS}:
        raise InputError(f"--score-coding {coding}: unknown coding; choose one of {', '.join(CODINGS)}.")
    if isinstance(inputs, Table):
        looks, notes = [look_at(inputs, tool=tool)], list[str]()
    else:
        paths = find_inputs([inputs] if isinstance(inputs, str | Path) else inputs)
        encoding = options.get("encoding")
        looks, notes = look_at_files(paths, tool, score, named_encoding(encoding) if encoding else None)
    export = _understand(looks, _wishes(options), coding)
    notes += export.notes
    return replace(
        export,
        notes=tuple(notes),
        drop_duplicates=options.get("drop_duplicates", False),
        with_comments=options.get("with_comments", True),
    )


def read_export(inputs: Iterable[str | Path] | str | Path, **options: Unpack[Options]) -> Survey:
    """Read one or more survey exports into memory as one Survey.

    Parameters
    ----------
    inputs : str, Path or iterable of them
        Files, folders or glob patterns.
    **options
        Those of `open_export`.

    Raises
    ------
    InputError
        With the file, the column and the next step.

    Examples
    --------
    >>> from nps_nlp.demo import demo_path
    >>> survey = read_export(demo_path("en"))
    >>> survey.columns.score, survey.log.rows()
    ('Q1', {'read': 456, 'kept': 450, 'quarantined': 6, 'duplicates': 0})
    """
    import pandas as pd

    export = open_export(inputs, **options)
    parts = list(export.chunks())
    files = pd.concat([part.responses["file"] for part in parts], ignore_index=True)
    # Files are read last first; a reader of the frames expects them in the order given.
    place = {os.fsencode(layout.table.path).decode("utf-8", "replace"): at for at, layout in enumerate(export.layouts)}
    order = files.map(place).argsort(kind="stable")

    def in_order(frames: list[pd.DataFrame]) -> pd.DataFrame:
        return pd.concat(frames, ignore_index=True).iloc[order].reset_index(drop=True)

    return Survey(
        in_order([part.responses for part in parts]),
        in_order([part.comments for part in parts]),
        in_order([part.segments for part in parts]),
        export.columns,
        export.log,
        in_order([part.ratings for part in parts]),
    )


def _understand(looks: Sequence[Look], wishes: Wishes, score_coding: str | None) -> Export:
    """Decide what every column of the files that were looked at is."""
    layouts, samples = tuple(look.layout for look in looks), [look.sample for look in looks]
    filled = {s.path: s.cells.keys() for s in samples if any(s.cells.values())}
    if not filled:
        where = together([layout.table.path for layout in layouts])
        trouble = next((f" that can be used ({look.trouble})" for look in looks if look.trouble), "")
        raise InputError(f"{where}: there are headings but no answers{trouble}; export the responses again.")
    questions = {h: q for layout in reversed(layouts) for h, q in layout.questions.items()}
    roles = {heading: role for layout in layouts for heading, role in layout.roles.items()}
    folded = {layout.headings[at]: fold for layout in layouts for at, fold in layout.added.folded.items()}
    profiles = describe_all(samples, questions)
    columns, missing = _roles(profiles, roles, wishes, filled, folded)
    codings, notes = _codings(columns, profiles, score_coding)
    notes += missing + _unrelated(layouts, columns)
    for sample in samples:
        for heading, coding in codings.items():
            if heading in sample.cells:
                check_sample(sample.path, heading, sample.cells[heading], coding)
        if columns.weight is not None and columns.weight in sample.cells:
            check_weights(sample.path, columns.weight, sample.cells[columns.weight])
    date = columns.date or ""
    day_first = day_comes_first((questions.get(date, date), *(c for s in samples for c in s.cells.get(date, ()))))
    unsure = () if day_first is not None else (_UNSURE_DATES,)
    return Export(
        layouts,
        columns,
        tuple(look.source(*unsure) for look in looks),
        tuple(notes),
        estimated_rows=sum(look.answers for look in looks),
        day_first=bool(day_first),
        codings=codings,
    )


def _unrelated(layouts: Sequence[Layout], columns: Columns) -> list[str]:
    """Say which files share neither the score nor a question with the first: perhaps they are another survey."""
    asked = {columns.score, *columns.score_elsewhere, *columns.comments}
    mine = [{layout.questions.get(h, h) for h in layout.headings if h in asked} for layout in layouts]
    linked, rest = set(mine[0]), list(range(1, len(layouts)))
    while found := [at for at in rest if mine[at] & linked]:
        linked.update(*(mine[at] for at in found))
        rest = [at for at in rest if at not in found]
    if not rest:
        return []
    others, first = ", ".join(layouts[at].table.path.name for at in rest), layouts[0].table.path.name
    said = (
        f"{others} and {first} share neither the question of the score nor a comment question; they are counted as one "
    )
    return [said + "survey: if they are different ones, read them one at a time"]


def _roles(
    profiles: Sequence[Profile],
    roles: Mapping[str, Role],
    wishes: Wishes,
    files: Mapping[str, Collection[str]],
    folded: Mapping[str, str],
) -> tuple[Columns, list[str]]:
    """Give every column its role; where no score is needed, say why there is none instead of refusing."""
    try:
        return assign_roles(profiles, roles, replace(wishes, need_score=True), files, folded), []
    except InputError as error:
        if wishes.need_score:
            raise
        why = str(error)
        for path in files:
            why = why.removeprefix(f"{path}: ")
        return assign_roles(profiles, roles, wishes, files, folded), [why]


def _codings(
    columns: Columns, profiles: Sequence[Profile], wanted: str | None
) -> tuple[dict[str, ScoreCoding], list[str]]:
    """Return how each score column is coded, and what a reader of the results must know of the scores."""
    by_heading = {profile.heading: profile for profile in profiles}
    codings, notes = dict[str, ScoreCoding](), []
    for heading in filter(None, (columns.score, *columns.score_elsewhere)):
        profile = by_heading[heading]
        coding, evidence = find_coding(profile, count_numbers(profile.values), profiles)
        if wanted:
            coding = next(c for c in CODINGS if c == wanted)
            evidence = "" if coding == "0-10" else f"is read in the coding {coding}, as --score-coding says"
        codings[heading] = coding
        if coding == "0-10" and (short := remark(count_numbers(profile.values))):
            notes.append(f"column {heading!r} {short}")
        if evidence:
            notes.append(f"column {heading!r} {evidence}")
        elif coding == "0-10" and (label := labelled(profile)):
            notes.append(f"column {heading!r} holds labels such as {label!r}; the numbers in them were read")
    if columns.other_scores:
        others, why = listing(columns.other_scores), next(d.reason for d in columns.decisions if d.role == "score")
        notes.append(f"column {columns.score!r} was taken as the score ({why}); {others} could be it too: --score")
    return codings, notes


def _wishes(options: Options) -> Wishes:
    return Wishes(
        options.get("score"),
        _names(options.get("comments", ())),
        _names(options.get("segments", ())),
        options.get("date"),
        options.get("respondent"),
        options.get("need_score", True),
        options.get("weight"),
        options.get("wave"),
        options.get("touchpoint"),
        options.get("key"),
    )


def _names(columns: str | Sequence[str]) -> tuple[str, ...]:
    return (columns,) if isinstance(columns, str) else tuple(columns)
