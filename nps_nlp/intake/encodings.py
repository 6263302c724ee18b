"""Decide the encoding of an export on the evidence of all its bytes, and lose none of them."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nps_nlp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
# Where two encodings fit, what decides is how much of the text they make into everyday Japanese: kana,
# punctuation and the 2,965 common kanji, at least two in a row (a lone one is an accent or a curly quote of a
# Western encoding).
_EVERYDAY = {
    "cp932": re.compile(rb"(?:\x81[\x40-\x5b\x69-\x7a]|\x82[\x4f-\xf1]|\x83[\x40-\x96]|[\x88-\x97][\x40-\xfc]){2,}"),
    "euc_jp": re.compile(rb"(?:[\xa1\xa3\xa4\xa5\xb0-\xcf][\xa1-\xfe]){2,}"),
}
# Words of half-width kana in CP932: bytes that make kanji in EUC-JP, so that they speak for neither.
_HALF_KANA = re.compile(rb"[\xa1-\xdf]{4,}")
_ASCII = bytes(range(128))
# What accents and typographic marks look like in Windows-1252; any other high byte is damage there.
_WESTERN = re.compile(rb"[\x80\x85\x91-\x97\x99\xa0-\xbf\xc0-\xcf\xd1-\xd6\xd8-\xdd\xdf-\xef\xf1-\xf6\xf8-\xfd]")
_WESTERN_WORD = re.compile(rb"[A-Za-z](?:%b)+|(?:%b)+[A-Za-z]" % (_WESTERN.pattern, _WESTERN.pattern))
# Letters, digits, kana, kanji, emoji and the punctuation of both scripts, as UTF-16 text consists of.
_READABLE = re.compile(
    "[\t\r\n -~\xa0-\u017f\u2010-\u203e\u20ac\u2190-\u21ff\u2460-\u27bf\u3000-\u30ff"
    "\u3400-\u9fff\uff00-\uffef\ufe0f\U0001f000-\U0001faff]"
)
# What Python's cp932 makes of the five bytes that mean nothing in it.
_NOT_IN_CP932 = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
_CONTROLS = bytes(b for b in range(1, 32) if b not in b"\t\n\v\f\r\x1b")
_ISO_2022_JP = re.compile(rb"\x1b(?:\$[@B(]|\([JI])")
_HEAD, _SAMPLE = 65_536, 1_000_000
# Each block of a file gives this much to the sample, so that all of the file speaks.
_SAMPLE_OF_BLOCK = 4_000
# Shares of control characters, of NUL bytes and of damage from which on bytes are no text at all.
_MAX_CONTROLS, _MAX_NULS, _MAX_DAMAGE = 0.05, 0.3, 0.3
# Good characters for each damaged one from which on a line is UTF-8 with damage, not another encoding.
_UTF8_EVIDENCE = 2
_MIN_EVERYDAY = 0.5
_NAMES = {"cp932": "CP932", "euc_jp": "EUC-JP", "cp1252": "Windows-1252", "utf-8": "UTF-8", "utf-8-sig": "UTF-8"}
_LISTED_LINES = 10
DAMAGED = "lines with bytes that no encoding explains, shown as \ufffd"


@dataclass(frozen=True)
class Encoding:
    """The encoding of a file, and how sure that is (0–1).

    ``sound`` says that every byte of the file is valid in it, which is known for nothing but UTF-8.
    """

    name: str
    confidence: float = 1.0
    sound: bool = False


@dataclass
class LineAccount:
    """Lines of a file that were read in another encoding than the file's, and lines with damage."""

    other: dict[str, list[int]] = field(default_factory=dict)
    damaged: int = 0
    lines: int = 0

    def damage(self, encoding: str) -> Counter[str]:
        """Return the account as what was found and how often."""
        found: Counter[str] = Counter()
        base = _NAMES.get(encoding, encoding)
        for name, numbers in self.other.items():
            shown = ", ".join(map(str, numbers[:_LISTED_LINES])) + (", …" if len(numbers) > _LISTED_LINES else "")
            found[f"lines in {_NAMES[name]} within a {base} file, read as {_NAMES[name]} (lines {shown})"] = len(
                numbers
            )
        if self.damaged:
            found[DAMAGED] = self.damaged
        return found


def named_encoding(name: str) -> Encoding:
    """Return the encoding that a user names.

    Raises
    ------
    InputError
        When Python knows none of this name.

    Examples
    --------
    >>> named_encoding("Shift_JIS").name
    'cp932'
    """
    try:
        found = codecs.lookup(name).name
    except LookupError as error:
        raise InputError(f"{name!r}: no such encoding; name one such as utf-8, cp932, euc_jp or gb18030.") from error
    # What calls itself Shift_JIS is written by Windows, which has more characters.
    return Encoding({"shift_jis": "cp932"}.get(found, found))


def find_encoding(blocks: Iterable[bytes]) -> Encoding | None:
    """Return the encoding that explains the bytes of a file best, or None where they are no text.

    A byte-order mark decides; then UTF-16 and UTF-32 by their zero bytes; then ISO-2022-JP by its escapes;
    then UTF-8, line by line; then CP932, EUC-JP or Windows-1252 by which makes the most sense of the lines that
    are not UTF-8.

    Parameters
    ----------
    blocks : iterable of bytes
        All of the file, cut at line ends.

    Examples
    --------
    >>> find_encoding(["満足度".encode("cp932")]).name
    'cp932'
    >>> find_encoding(["ご意見をお聞かせください".encode("euc_jp")]).name
    'euc_jp'
    """
    evidence = _Evidence()
    for index, block in enumerate(blocks):
        if index == 0:
            known = _by_mark_or_width(block)
            if known or _is_binary(block):
                return known
        evidence.add(block)
    return evidence.verdict()


def decode(block: bytes, encoding: str, account: LineAccount) -> str:
    r"""Decode lines in the encoding that was found for their file, whatever their damage.

    Lines that are in another encoding are read in that; only bytes that fit nothing become U+FFFD.

    Parameters
    ----------
    block : bytes
        Whole lines.
    encoding : str
        One in which a line feed is one byte: none of the UTF-16 and UTF-32.
    account : LineAccount
        Counts the lines that are not what the encoding expects.

    Examples
    --------
    >>> account = LineAccount()
    >>> decode(b"good \xff bad\nfine", "utf-8", account), account.damaged
    ('good � bad\nfine', 1)
    """
    whole = _sound_text(block, encoding)
    if whole is not None and (encoding.startswith("utf-8") or block.isascii()):
        account.lines += block.count(b"\n")
        return whole
    lines = []
    for number, line in enumerate(block.split(b"\n"), start=account.lines + 1):
        name = None if line.isascii() else _encoding_of_line(line, encoding)
        text = _sound_text(line, name or encoding)
        if text is None:
            text = _NOT_IN_CP932.sub("\ufffd", line.decode(encoding, "replace"))
            account.damaged += 1
        elif name:
            account.other.setdefault(name, []).append(number)
        lines.append(text)
    account.lines += len(lines) - 1
    return "\n".join(lines)


def _extended(error: UnicodeError) -> tuple[str, int]:
    """Read a pair of bytes that Windows added to JIS X 0208 (①, ㈱, 髙): the codecs for mail and Unix lack them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    first, second = (byte & 0x7F for byte in error.object[error.start : error.start + 2].ljust(2, b"\0"))
    if not (0x21 <= first <= 0x7E and 0x21 <= second <= 0x7E):
        raise error
    # JIS to Shift_JIS: two rows of 94 share one lead byte.
    lead = ((first + 1) >> 1) + (0x70 if first <= 0x5E else 0xB0)
    trail = second + ((0x1F if second <= 0x5F else 0x20) if first % 2 else 0x7E)
    try:
        return bytes((lead, trail)).decode("cp932"), error.start + 2
    except UnicodeDecodeError:
        raise error from None


codecs.register_error("nps_nlp_windows_jis", _extended)


def strictly(encoding: str) -> str:
    """Return the error handler with which an encoding accepts all that it means, and nothing else."""
    return "nps_nlp_windows_jis" if encoding.startswith(("euc_jp", "iso2022_jp")) else "strict"


def _sound_text(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding, strictly(encoding))
    except UnicodeDecodeError:
        return None
    return None if encoding == "cp932" and _NOT_IN_CP932.search(text) else text


def _encoding_of_line(line: bytes, base: str) -> str | None:
    """Return the encoding of a line that is not in that of its file; None where nothing speaks for another."""
    if base.startswith("utf-8"):
        good, damage = _utf8_evidence(line)
        if not damage or good >= _UTF8_EVIDENCE * damage:
            return None
    elif _sound_text(line, "utf-8") is not None:
        return "utf-8"
    elif _sound_text(line, base) is not None and base != "cp1252":
        return None
    found = _japanese(line, [name for name in _EVERYDAY if name != base])
    if found and _sound_text(line, found[0]) is not None:
        return found[0]
    fits = base != "cp1252" and _high(b"".join(_WESTERN_WORD.findall(line))) == _high(line)
    return "cp1252" if fits and _sound_text(line, "cp1252") is not None else None


def _japanese(sample: bytes, names: Iterable[str]) -> tuple[str, float] | None:
    """Return the Japanese encoding that makes the most of the bytes, and how much."""
    shares = {name: everyday_share(sample, name) for name in names}
    best = max(shares, key=lambda name: shares[name])
    return (best, shares[best]) if shares[best] > _MIN_EVERYDAY else None


class _Evidence:
    """What the lines of a file say about its encoding."""

    def __init__(self) -> None:
        self.good = self.damaged = self.other = self.size = 0
        self.escapes, self.ascii = False, True
        self.sample = bytearray()

    def add(self, block: bytes) -> None:
        self.size += len(block)
        if block.isascii():
            self.escapes = self.escapes or bool(b"\x1b" in block and _ISO_2022_JP.search(block))
            return
        self.ascii = False
        whole = _sound_text(block, "utf-8")
        if whole is not None:
            self.good += len(block) - len(whole)
            return
        room = min(_SAMPLE, len(self.sample) + max(_SAMPLE_OF_BLOCK, _HEAD - len(self.sample)))
        for line in block.split(b"\n"):
            high = _high(line)
            good, damage = _utf8_evidence(line[:_HEAD]) if high else (0, 0)
            if good >= _UTF8_EVIDENCE * damage:
                self.good += high
                self.damaged += damage
            else:
                self.other += high
                if len(self.sample) < room:
                    self.sample += line[:_SAMPLE] + b"\n"

    def verdict(self) -> Encoding | None:
        if self.ascii and self.escapes:
            return Encoding("iso2022_jp_ext", 0.98)
        if not self.other and not self.damaged:
            return Encoding("utf-8", sound=True)
        if self.good >= self.other:
            return Encoding("utf-8", round(self.good / (self.good + self.damaged + self.other), 2))
        legacy = _legacy(bytes(self.sample))
        return legacy or (Encoding("utf-8", 0.5) if self.other < _MAX_DAMAGE * self.size else None)


def _legacy(sample: bytes) -> Encoding | None:
    found = _japanese(sample, _EVERYDAY)
    if found:
        name, share = found
        rival = max(everyday_share(sample, other) for other in _EVERYDAY if other != name)
        return Encoding(name, round(max(0.5, min(0.99, share - rival / 2)), 2))
    western = _high(b"".join(_WESTERN.findall(sample))) / max(1, _high(sample))
    if western > 0.9:
        return Encoding("cp1252", round(0.9 * western, 2))
    # Nothing but rare signs: what they are valid in.
    valid = next((name for name in _EVERYDAY if _sound_text(sample, name) is not None), None)
    return Encoding(valid, 0.5) if valid else None


def _high(data: bytes) -> int:
    return len(data.translate(None, _ASCII))


def _utf8_evidence(line: bytes) -> tuple[int, int]:
    """Count the non-ASCII characters that are sound UTF-8, and the damaged ones."""
    text = line.decode("utf-8", "replace")
    damage = text.count("\ufffd")
    return len(text) - len(text.encode("ascii", "ignore")) - damage, damage


def everyday_share(sample: bytes, encoding: str) -> float:
    """Bytes in runs of everyday Japanese for each high byte, words of half-width kana left aside."""
    japanese = sum(len(run) for run in _EVERYDAY[encoding].findall(sample))
    half_kana = sum(len(run) for run in _HALF_KANA.findall(sample)) if encoding == "cp932" else 0
    return japanese / max(1, _high(sample) - half_kana)


def _by_mark_or_width(block: bytes) -> Encoding | None:
    marked = next((encoding for mark, encoding in _BOMS if block.startswith(mark)), None)
    if marked:
        return Encoding(marked)
    head = block[:_HEAD]
    head = head[: len(head) // 4 * 4] or head[: len(head) // 2 * 2]
    zeros = head.count(0)
    # A few stray NUL bytes in readable UTF-8 are damage, not a sign of UTF-16.
    if not zeros or (zeros < 0.05 * len(head) and _sound_text(block, "utf-8") is not None):
        return None
    for encoding in _WIDE:
        text = head.decode(encoding, "replace")
        # Line ends and delimiters read at the wrong byte become letters of scripts that are not listed.
        if len(_READABLE.findall(text)) > 0.97 * len(text) and re.search(r"[\r\n\t,;]", text):
            return Encoding(encoding, 0.95)
    return None


def _is_binary(block: bytes) -> bool:
    head = block[:_HEAD]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > _MAX_CONTROLS * len(head) or head.count(0) > _MAX_NULS * len(head)
