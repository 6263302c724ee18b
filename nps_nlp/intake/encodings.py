"""Decide the encoding of an export on the evidence of all of its bytes, and lose none of them."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KANA = re.compile(r"[ぁ-んァ-ヶー、。]")
_HALF_KANA_OR_ODD = re.compile(r"[\uff61-\uff9f\ue000-\uf8ff\u0080-\u009f]")
# A file is taken for damaged UTF-8, not for another encoding, while fewer of its non-ASCII lines than this fail.
_MAX_DAMAGED_SHARE = 0.34


@dataclass(frozen=True)
class Decoded:
    """Text of a file, the encoding it was read with, and the lines that were in another or in none."""

    text: str
    encoding: str
    other_lines: int = 0
    damaged_lines: int = 0


def decode(data: bytes) -> Decoded:
    """Decode a whole file.

    A byte-order mark decides; then strict UTF-8; then ISO-2022-JP by its escapes; then UTF-16 by its zero bytes;
    then CP932, EUC-JP or Windows-1252 by how plausible the decoded text is. Single lines that do not fit the
    encoding of the file are read in the other Japanese ones, and only what fits none becomes U+FFFD (counted).

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    Decoded

    Examples
    --------
    >>> decode("満足度の理由".encode("cp932")).encoding
    'cp932'
    >>> decode("ご意見をお聞かせください".encode("euc_jp")).encoding
    'euc_jp'
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _by_lines(data, "utf-8-sig") if encoding == "utf-8-sig" else _whole(data, encoding)
    encoding = _without_mark(data)
    return _by_lines(data, "utf-8") if encoding == "utf-8" else _whole(data, encoding)


def _without_mark(data: bytes) -> str:
    wide = _utf16_without_mark(data)
    if wide:
        return wide
    if b"\x1b$" in data and data.isascii():
        return "iso2022_jp_ext"
    if _is_valid(data, "utf-8"):
        return "utf-8"
    candidates = [c for c in ("cp932", "euc_jp") if _is_valid(data, c)]
    best = max(candidates, key=lambda c: _plausibility(data.decode(c)), default=None)
    if best and _plausibility(data.decode(best)) > 0:
        return best
    return "utf-8" if _mostly_utf8(data) else _legacy(data)


def _legacy(data: bytes) -> str:
    """Choose for bytes that no encoding fits without damage: Japanese where kana come out, else Western."""
    ranked = [(_plausibility(data.decode(c, "replace")), c) for c in ("cp932", "euc_jp")]
    score, encoding = max(ranked)
    return encoding if score > 0 else "cp1252"


def _utf16_without_mark(data: bytes) -> str | None:
    head = data[:4096]
    if len(head) < 4 or b"\x00" not in head:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    # Delimiters, digits and line ends have a zero byte at the same side in UTF-16; stray NULs have no such order.
    if max(even, odd) < 0.05 * len(head) or min(even, odd) > 0.1 * max(even, odd):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _is_valid(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _plausibility(text: str) -> float:
    """Kana and Japanese punctuation speak for a Japanese encoding; half-width kana and controls against it."""
    return len(_KANA.findall(text)) - 2.0 * len(_HALF_KANA_OR_ODD.findall(text))


def _mostly_utf8(data: bytes) -> bool:
    lines = [line for line in data.splitlines() if not line.isascii()]
    damaged = sum(not _is_valid(line, "utf-8") for line in lines)
    return damaged <= max(1, _MAX_DAMAGED_SHARE * len(lines))


def _whole(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    damaged = sum("\ufffd" in line for line in text.split("\n")) if "\ufffd" in text else 0
    return Decoded(text, encoding, damaged_lines=damaged)


def _by_lines(data: bytes, encoding: str) -> Decoded:
    """Decode UTF-8, reading the lines that are not UTF-8 in the encoding that fits them."""
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        pass
    lines, other, damaged = [], 0, 0
    for line in data.removeprefix(codecs.BOM_UTF8).split(b"\n"):
        if _is_valid(line, "utf-8"):
            lines.append(line.decode())
        elif _is_valid(line, "cp932") and _plausibility(line.decode("cp932")) > 0:
            lines.append(line.decode("cp932"))
            other += 1
        else:
            lines.append(line.decode("utf-8", "replace"))
            damaged += 1
    return Decoded("\n".join(lines), encoding, other, damaged)
