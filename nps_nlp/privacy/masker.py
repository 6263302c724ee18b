"""Mask personal data where text leaves the analysis: answers, groups, respondents, rows set aside."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from nps_nlp.privacy.find import MASKS, Found, find_personal_data, is_whole_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from nps_nlp.classify.annotate import Answer, Statement
    from nps_nlp.privacy.pseudonyms import Pseudonyms
    from nps_nlp.survey import Survey

# A column of these holds names, also where the cell alone would not tell: 担当者 = 田中.
_NAMES_COLUMN = re.compile(
    r"(?:担当者?|スタッフ|店員|販売員|営業|氏名|お?名前|対応者|回答者)名?$|\b(?:agent|advisor|adviser|staff|rep|representative|employee"
    r"|manager|consultant|technician|driver|first name|last name|full name|customer name|^name)(?: name)?$",
    re.IGNORECASE,
)
# An id of letters and digits is no personal data by itself, unless it is a telephone number.
_PLAIN_ID = re.compile(r"(?!0\d{1,4}-?\d{1,4}-?\d{3,4}$)[0-9A-Za-z_.-]*")
_RESPONDENT = frozenset({"email", "phone", "name", "handle"})


class Masked(NamedTuple):
    """A text without personal data, and where its parts went.

    Attributes
    ----------
    text : str
    found : tuple of Found
        What was masked, at its place in the original.
    masks : tuple of str
        What stands for each of them.
    """

    text: str
    found: tuple[Found, ...]
    masks: tuple[str, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Translate a span of the original: a mask that it cuts is in it as a whole.

        Examples
        --------
        >>> masked = Masker().read("受付の佐藤さんが親切")
        >>> start, end = masked.span(7, 10)
        >>> masked.text, masked.text[start:end]
        ('受付の［氏名］さんが親切', 'が親切')
        """
        return self._place(start, at_end=False), self._place(end, at_end=True)

    def _place(self, place: int, *, at_end: bool) -> int:
        moved = 0
        for found, mask in zip(self.found, self.masks, strict=True):
            if place <= found.start:
                break
            if place < found.end:
                return found.start + moved + (len(mask) if at_end else 0)
            moved += len(mask) - (found.end - found.start)
        return place + moved


class Masker:
    """Masks personal data and counts what it masked.

    Parameters
    ----------
    on : bool
        False leaves every text as it is.
    pseudonyms : Pseudonyms, optional
        Adds a code to every mask, the same for the same words, that the holder of the key can turn back.

    Attributes
    ----------
    counts : Counter of str
        Kind → how many were masked in `answers` and `survey`: a sum over the responses, however they are cut in chunks.

    Examples
    --------
    >>> Masker().text("Sarah at the front desk was great, mail me: a.b@example.com")
    '[name] at the front desk was great, mail me: [email]'
    """

    def __init__(self, *, on: bool = True, pseudonyms: Pseudonyms | None = None) -> None:
        self.on = on
        self.pseudonyms = pseudonyms
        self.counts: Counter[str] = Counter()

    def read(self, text: str) -> Masked:
        """Mask a text."""
        found = find_personal_data(text) if self.on else ()
        return self._masked(text, found) if found else Masked(text, (), ())

    def text(self, text: str) -> str:
        """Return a text without personal data."""
        return self.read(text).text

    def cell(self, text: str) -> str:
        """Return a cell of a table without personal data: a name that fills the whole cell is masked, too."""
        return self._cell(text).text

    def identifier(self, value: str) -> str:
        """Return an id without personal data: an e-mail address or a name is masked, a plain id is not."""
        return self._respondent(value).text if self.on else value

    def found(self) -> dict[str, int] | None:
        """Return how many were masked, by kind, in a fixed order; None where masking is off."""
        return {kind: self.counts[kind] for kind in MASKS if self.counts[kind]} if self.on else None

    def answers(self, answers: Iterable[Answer]) -> list[Answer]:
        """Mask annotated answers: text, evidence spans and terms. Their labels stay those of the original text."""
        return [self._answer(a) for a in answers] if self.on else list(answers)

    def survey(self, survey: Survey) -> Survey:
        """Mask groups and respondents of a Survey; its comments stay, and reach outputs as `answers` only."""
        if not self.on:
            return survey
        segments = survey.segments.copy()
        for heading in segments.columns:
            segments[heading] = self._column(segments[heading].tolist(), partial(self.group, heading))
        responses = survey.responses.assign(
            respondent=self._column(survey.responses["respondent"].tolist(), self._respondent)
        )
        return dataclasses.replace(survey, responses=responses, segments=segments)

    def group(self, heading: str, value: str) -> Masked:
        """Mask the value of a group; a name needs no more than a heading that says so."""
        if self.on and value and _NAMES_COLUMN.search(heading) and is_whole_name(value, alone=True):
            return self._masked(value, (Found(0, len(value), "name"),))
        return self._cell(value)

    def _column(self, values: list[str], mask: Callable[[str], Masked]) -> list[str]:
        known = {value: mask(value) for value in set(values)}
        for value in values:
            self.counts.update(f.kind for f in known[value].found)
        return [known[value].text for value in values]

    def _respondent(self, value: str) -> Masked:
        masked = Masked(value, (), ()) if _PLAIN_ID.fullmatch(value) else self._cell(value)
        return masked if any(f.kind in _RESPONDENT for f in masked.found) else Masked(value, (), ())

    def _cell(self, text: str) -> Masked:
        masked = self.read(text)
        if self.on and not masked.found and is_whole_name(text):
            return self._masked(text, (Found(0, len(text), "name"),))
        return masked

    def _answer(self, answer: Answer) -> Answer:
        masked = self.read(answer.text)
        if not masked.found:
            return answer
        self.counts.update(f.kind for f in masked.found)
        secrets = [_plain(answer.text[f.start : f.end]) for f in masked.found]
        statements = tuple(_moved(s, masked, secrets) for s in answer.statements)
        return answer._replace(text=masked.text, statements=statements)

    def _masked(self, text: str, found: tuple[Found, ...]) -> Masked:
        from nps_nlp.language.detect import detect_language

        japanese = detect_language(unicodedata.normalize("NFKC", text)) == "ja"
        parts, masks, at = [], [], 0
        for f in found:
            word = MASKS[f.kind][0 if japanese else 1]
            if self.pseudonyms is not None:
                word += ":" + self.pseudonyms.code(f.kind, text[f.start : f.end])
            masks.append(f"［{word}］" if japanese else f"[{word}]")
            parts += [text[at : f.start], masks[-1]]
            at = f.end
        return Masked("".join([*parts, text[at:]]), found, tuple(masks))


def mask_keys(counts: Mapping[str, int], mask: Callable[[str], str]) -> dict[str, int]:
    """Return counts by masked reason: a reason can quote the cell that it is about.

    Examples
    --------
    >>> mask_keys({"score a@example.com is not a number": 1, "score b@example.com is not a number": 2}, lambda _: "?")
    {'?': 3}
    """
    masked: Counter[str] = Counter()
    for reason, n in counts.items():
        masked[mask(reason)] += n
    return dict(masked)


def _moved(statement: Statement, masked: Masked, secrets: list[str]) -> Statement:
    """Return a statement at its place in the masked text, without the terms that were masked."""
    start, end = masked.span(statement.start, statement.end)
    terms = tuple(t for t in statement.terms if not any(_plain(t) in s or s in _plain(t) for s in secrets))
    return statement._replace(start=start, end=end, terms=terms)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
