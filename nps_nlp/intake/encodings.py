"""Decide the encoding of an export on the evidence of its bytes, and lose none of them."""

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
# Where two encodings fit, what decides is how much of the text they make into everyday Japanese: kana,
# punctuation and the 2,965 common kanji, at least two in a row (a lone one is an accent or a curly quote of a
# Western encoding).
_EVERYDAY = {
    "cp932": re.compile(rb"(?:\x81[\x40-\x5b\x69-\x7a]|\x82[\x4f-\xf1]|\x83[\x40-\x96]|[\x88-\x97][\x40-\xfc]){2,}"),
    "euc_jp": re.compile(rb"(?:[\xa1\xa3\xa4\xa5\xb0-\xcf][\xa1-\xfe]){2,}"),
}
# Words of half-width kana in CP932: bytes that make kanji in EUC-JP, so that they speak for neither.
_HALF_KANA = re.compile(rb"[\xa1-\xdf]{4,}")
_HIGH = re.compile(rb"[\x80-\xff]")
# What accents and typographic marks look like in Windows-1252; any other high byte is damage there.
_WESTERN = re.compile(rb"[\x80\x85\x91-\x97\x99\xa0-\xbf\xc0-\xcf\xd1-\xd6\xd8-\xdd\xdf-\xef\xf1-\xf6\xf8-\xfd]")
# Letters, digits, kana, kanji, emoji and the punctuation of both scripts, as UTF-16 text consists of.
_READABLE = re.compile(
    "[\t\r\n -~\xa0-\u017f\u2010-\u203e\u20ac\u2190-\u21ff\u2460-\u27bf\u3000-\u30ff"
    "\u3400-\u9fff\uff00-\uffef\ufe0f\U0001f000-\U0001faff]"
)
# What Python's cp932 makes of the five bytes that mean nothing in it.
_NOT_IN_CP932 = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
_CONTROLS = bytes(b for b in range(1, 32) if b not in b"\t\n\v\f\r\x1b")
_HEAD, _SAMPLE = 65_536, 1_000_000
# Shares of control characters, of NUL bytes and of damage from which on bytes are no text at all.
_MAX_CONTROLS, _MAX_NULS, _MAX_DAMAGE = 0.05, 0.3, 0.3
# Good characters for each damaged one from which on a file is UTF-8 with damage, not another encoding.
_UTF8_EVIDENCE = 2
_MIN_EVERYDAY = 0.5


@dataclass(frozen=True)
class Decoded:
    """Text of a file, the encoding it was read with, and how many lines were in another or in none."""

    text: str
    encoding: str
    other_lines: int = 0
    damaged_lines: int = 0


def find_encoding(data: bytes) -> str | None:
    """Return the name of the encoding that explains the bytes of a file best, or None where they are no text.

    A byte-order mark decides; then UTF-16 by its zero bytes; then ISO-2022-JP by its escapes; then strict
    UTF-8; then damaged UTF-8, CP932, EUC-JP or Windows-1252 by which makes the most sense of the bytes.

    Examples
    --------
    >>> find_encoding("満足度".encode("cp932"))
    'cp932'
    >>> find_encoding("ご意見をお聞かせください".encode("euc_jp"))
    'euc_jp'
    """
    marked = next((encoding for mark, encoding in _BOMS if data.startswith(mark)), None)
    if marked:
        return marked
    wide = _utf16_without_mark(data)
    if wide:
        return wide
    head = data[:_HEAD]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls > _MAX_CONTROLS * len(head) or head.count(0) > _MAX_NULS * len(head):
        return None
    if b"\x1b$" in data and data.isascii():
        return "iso2022_jp_ext"
    return "utf-8" if _is_valid(data, "utf-8") else _among_legacy(data)


def decode(data: bytes, encoding: str) -> Decoded:
    r"""Decode a whole file in the encoding that was found for it, whatever its damage.

    Lines of a UTF-8 file that are not UTF-8 are read as CP932 where that makes Japanese; only bytes that fit
    nothing become U+FFFD, and the lines that hold some are counted.

    Examples
    --------
    >>> decode(b"good \xff bad\nfine", "utf-8")
    Decoded(text='good � bad\nfine', encoding='utf-8', other_lines=0, damaged_lines=1)
    """
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return _by_lines(data, encoding) if encoding.startswith("utf-8") else _with_damage(data, encoding)
    odd = encoding == "cp932" and _NOT_IN_CP932.search(text)
    return _with_damage(data, encoding) if odd else Decoded(text, encoding)


def _among_legacy(data: bytes) -> str | None:
    first = _HIGH.search(data)
    start = first.start() if first else 0
    sample = data[start : start + _SAMPLE]
    good, damage = _utf8_evidence(sample)
    if good >= _UTF8_EVIDENCE * damage:
        return "utf-8"
    best = max(_EVERYDAY, key=lambda encoding: _everyday_share(sample, encoding))
    if _everyday_share(sample, best) > _MIN_EVERYDAY:
        return best
    high = _HIGH.findall(sample)
    if sum(map(bool, map(_WESTERN.match, high))) > 0.9 * len(high):
        return "cp1252"
    return "utf-8" if damage < _MAX_DAMAGE * (start + len(sample)) else None


def _utf8_evidence(sample: bytes) -> tuple[int, int]:
    """Count the non-ASCII characters that are sound UTF-8, and the damaged ones."""
    text = sample.decode("utf-8", "replace")
    damage = text.count("\ufffd")
    return len(text) - len(text.encode("ascii", "ignore")) - damage, damage


def _everyday_share(sample: bytes, encoding: str) -> float:
    """Bytes in runs of everyday Japanese for each high byte, words of half-width kana left aside."""
    japanese = sum(len(run) for run in _EVERYDAY[encoding].findall(sample))
    half_kana = sum(len(run) for run in _HALF_KANA.findall(sample)) if encoding == "cp932" else 0
    return japanese / max(1, len(_HIGH.findall(sample)) - half_kana)


def _utf16_without_mark(data: bytes) -> str | None:
    head = data[: min(len(data) // 2 * 2, _HEAD)]
    zeros = head.count(0)
    # A few stray NUL bytes in readable UTF-8 are damage, not a sign of UTF-16.
    if not zeros or (zeros < 0.05 * len(head) and _is_valid(data, "utf-8")):
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        text = head.decode(encoding, "replace")
        # Line ends and delimiters read at the wrong byte become letters of scripts that are not listed.
        if len(_READABLE.findall(text)) > 0.97 * len(text) and re.search(r"[\r\n\t,;]", text):
            return encoding
    return None


def _is_valid(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _with_damage(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    if encoding == "cp932":
        text = _NOT_IN_CP932.sub("\ufffd", text)
    return Decoded(text, encoding, damaged_lines=sum("\ufffd" in line for line in text.split("\n")))


def _by_lines(data: bytes, encoding: str) -> Decoded:
    """Decode UTF-8, reading the lines that are not UTF-8 in the encoding that fits them."""
    lines, other, damaged = [], 0, 0
    for line in data.removeprefix(codecs.BOM_UTF8).split(b"\n"):
        if _is_valid(line, "utf-8"):
            lines.append(line.decode())
        elif _is_cp932_line(line):
            lines.append(line.decode("cp932"))
            other += 1
        else:
            lines.append(line.decode("utf-8", "replace"))
            damaged += 1
    return Decoded("\n".join(lines), encoding, other, damaged)


def _is_cp932_line(line: bytes) -> bool:
    good, damage = _utf8_evidence(line)
    likely = good < _UTF8_EVIDENCE * damage and _everyday_share(line, "cp932") > _MIN_EVERYDAY
    return likely and _is_valid(line, "cp932")
