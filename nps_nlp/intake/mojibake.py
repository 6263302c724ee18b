"""Find text that was read in the wrong encoding before it was exported, and undo that where it is certain."""

from __future__ import annotations

import re
from functools import partial
from typing import Literal, NamedTuple

from nps_nlp.intake.encodings import everyday_share

# What the 27 bytes that are no control characters in Windows-1252 became there.
_BYTES = {ord(char): byte for byte in range(0x80, 0xA0) if (char := bytes((byte,)).decode("cp1252", "ignore"))}
_MARKS = "".join(map(chr, _BYTES))
_HIGH = f"\x80-\xff{_MARKS}"
# UTF-8 that was read as Windows-1252 or Latin-1: a lead byte and what may follow it.
_AFTER = f"[\x80-\xbf{_MARKS}]"
_WESTERN = re.compile(f"[\xc2-\xdf]{_AFTER}|[\xe0-\xef]{_AFTER}{{2}}|[\xf0-\xf4]{_AFTER}{{3}}")
_RUN = re.compile(f"[{_HIGH}]+")
# UTF-8 kana that were read as CP932 nearly always show one of these.
_JAPANESE = "縺繧繝"
_LOST_JAPANESE = re.compile(rf"(?:ã[{_HIGH}\ufffd]?[{_HIGH}\ufffd]?){{3}}|(?:[{_JAPANESE}].?){{3}}")
_LOST_HALF_KANA = re.compile("[ｦ-ﾟ]")
_EAST_ASIAN = re.compile("[\u3000-\u30ff\u31f0-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0002ffff]+")
_KANJI = re.compile(f"[\xe3-\xe9\xef]{_AFTER}{{1,2}}")
# Control characters that nobody writes: bytes of another encoding. (NEL is a line end of old systems.)
_CONTROLS = re.compile("[\x80-\x84\x86-\x9f]")
_LOST_KANJI = re.compile(f"[\xe3-\xe9\xef]{_AFTER}{{1,2}}")
# Control characters that nobody writes: bytes of another encoding. (NEL is a line end of old systems.)
_CP932_KANA = re.compile(rb"(?:\x82[\x9f-\xf1]|\x83[\x40-\x96])")
_EUC_KANA = re.compile(rb"(?:\xa4[\xa1-\xf3]|\xa5[\xa1-\xf6])")
_KANA = re.compile("[ぁ-ゖァ-ヺー、。「」（）！？\U0001f000-\U0001faff]")
_HALF_KANA = re.compile("[ｦ-ﾟ]")
_KANJI = re.compile("[一-鿿々]")
_WESTERN_TEXT = re.compile(
    "[\t\r\n -~\xa0-\xac\xae-\u024f\u2010-\u203a\u20ac\u2122\u2190-\u21ff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]*"
)
_QUESTIONS = "????"
# What tells in one pass over many cells whether any of them needs a closer look.
_SUSPECT = re.compile(f"[\x80-\x9f\xa4\xa5\xc2-\xf4\ufffd{_JAPANESE}ƒ‚]")
_KANA_PAIRS, _EVERYDAY = 2, 0.9
_MOST_TIMES = 3
What = Literal["repaired", "lost"]
REPAIRED: What = "repaired"
LOST: What = "lost"


class Repair(NamedTuple):
    """A cell that was damaged before it was exported.

    Attributes
    ----------
    column : int
        Position of the cell in its row.
    before, after : str
        The cell as it is written in the file, and as it must have been; the same where it cannot be restored.
    what : {'repaired', 'lost'}
    """

    column: int
    before: str
    after: str
    what: What


def is_suspect(text: str) -> bool:
    """Tell quickly whether a text, of one or many cells, may hold damage at all.

    Examples
    --------
    >>> is_suspect("店員さんが親切（＾＾）ｱｲｳ"), is_suspect("cafÃ©")
    (False, True)
    """
    return (not text.isascii() and bool(_SUSPECT.search(text))) or _QUESTIONS in text


def repair_cells(cells: list[str]) -> tuple[list[str], tuple[Repair, ...]]:
    """Return the cells of a row with what is certain undone, and what was found.

    One accident hurts all of a row: beside a repaired cell, a single kanji is certain as well.
    """
    found = _repairs(cells, sure=False)
    if any(fix.what == REPAIRED for fix in found):
        found = _repairs(cells, sure=True)
    if found:
        cells = list(cells)
        for fix in found:
            cells[fix.column] = fix.after
    return cells, found


def _repairs(cells: list[str], *, sure: bool) -> tuple[Repair, ...]:
    return tuple(
        Repair(at, cell, after, what)
        for at, cell in enumerate(cells)
        if cell
        for after, what in (repair(cell, sure=sure),)
        if what
    )


def repair(text: str, *, sure: bool = False) -> tuple[str, What | Literal[""]]:
    r"""Undo the wrong reading of a text where that is certain.

    A repair is certain when the bytes that the text stands for are valid in the other encoding without a gap,
    and what they say there is Japanese, or western text that `ftfy` takes for more likely.

    Parameters
    ----------
    text : str
        A cell.
    sure : bool, default False
        Whether other signs tell that UTF-8 was read as a western encoding: then any sign of Japanese will do.

    Returns
    -------
    text, what : str
        The text, and ``"repaired"``; or the same text and ``"lost"`` where characters are gone that nothing
        can restore; or the same text and ``""``.

    Examples
    --------
    >>> repair("とても親切".encode().decode("latin-1")), repair("縺ｨ縺ｦ繧る")
    (('とても親切', 'repaired'), ('縺ｨ縺ｦ繧る', 'lost'))
    >>> repair("naïve café, l’été"), repair("¯\\_(ツ)_/¯"), repair("糸が縺れた")
    (('naïve café, l’été', ''), ('¯\\_(ツ)_/¯', ''), ('糸が縺れた', ''))
    """
    if text.isascii():
        return text, LOST if _is_questions(text) else ""
    fixed = text
    for _ in range(_MOST_TIMES):
        once = _undone(fixed, sure=sure)
        if once == fixed:
            break
        fixed = once
    if _is_lost(fixed):
        # Half of a repair would look whole.
        return text, LOST
    return (fixed, REPAIRED) if fixed != text else (text, "")


def _is_lost(text: str) -> bool:
    if "\ufffd" in text or _LOST_JAPANESE.search(text) or _CONTROLS.search(text) or _is_questions(text):
        return True
    return 2 * sum(map(len, _LOST_KANJI.findall(text))) > len(text)


def _is_questions(text: str) -> bool:
    return _QUESTIONS in text and 2 * text.count("?") > len(text.replace(" ", ""))


def _undone(text: str, *, sure: bool) -> str:
    """Undo one wrong reading, in the order of how sure the signs are."""
    for undo in (partial(_utf8_as_western, sure=sure), _legacy, _utf8_as_cp932, _by_ftfy):
        fixed = undo(text)
        if fixed != text:
            return fixed
    return text


def _utf8_as_western(text: str, *, sure: bool) -> str:
    return _RUN.sub(partial(_utf8_of_run, sure=sure), text) if _WESTERN.search(text) else text


def _utf8_of_run(run: re.Match[str], *, sure: bool) -> str:
    """Decode a run as often as it takes, for some exports pass through two wrong readings."""
    found = run[0]
    for _ in range(_MOST_TIMES):
        # A control character says by itself that the run is no text.
        sure = sure or bool(_CONTROLS.search(found))
        try:
            found = _bytes(found).decode("utf-8")
        except UnicodeError:
            break
        if _is_japanese(found) or (sure and _EAST_ASIAN.fullmatch(found)):
            return found
    return run[0]


def _legacy(text: str) -> str:
    """Undo the reading of CP932 or EUC-JP as a western encoding."""
    try:
        data = _bytes(text)
    except UnicodeError:
        return text
    for encoding, kana in (("cp932", _CP932_KANA), ("euc_jp", _EUC_KANA)):
        if everyday_share(data, encoding) < _EVERYDAY:
            continue
        try:
            found = data.decode(encoding)
        except UnicodeError:
            continue
        # Kanji alone are certain only where the misreading left control characters; half-width kana never are.
        if len(kana.findall(data)) >= _KANA_PAIRS or (_CONTROLS.search(text) and not _HALF_KANA.search(found)):
            return found
    return text


def _utf8_as_cp932(text: str) -> str:
    try:
        found = text.encode("cp932").decode("utf-8")
    except UnicodeError:
        return text
    return found if _is_japanese(found) else text


def _by_ftfy(text: str) -> str:
    """Undo the wrong reading of western text; `ftfy` knows what is likelier than what."""
    if not _WESTERN.search(text):
        return text
    import ftfy

    fixed, steps = ftfy.fix_encoding_and_explain(text)
    # Steps that guess what was lost, or that mend what is no wrong reading, are not taken.
    certain = all(step.action in {"encode", "decode"} or "inconsistent" in step.parameter for step in steps or ())
    return fixed if certain and _WESTERN_TEXT.fullmatch(fixed) else text


def _bytes(text: str) -> bytes:
    return text.translate(_BYTES).encode("latin-1")


def _is_japanese(text: str) -> bool:
    """Tell whether a text is everyday Japanese: kana, or two and more kanji of which all are common ones."""
    kanji = _KANJI.findall(text)
    common = all(b"\x88" <= c.encode("cp932", "replace")[:1] <= b"\x97" for c in kanji if c != "々")
    return bool(_KANA.search(text)) or (len(kanji) > 1 and common)
