"""Read a text file block by block, in its encoding, as often as it is asked for."""

from __future__ import annotations

import codecs
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from nps_nlp.errors import InputError
from nps_nlp.intake.encodings import Encoding, LineAccount, decode, find_encoding, strictly

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator
    from pathlib import Path

# Small enough for the caches of a processor, and large enough that what each block costs does not count.
BLOCK = 1 << 19
NULS = "NUL bytes removed"
# Encodings whose lines cannot be cut apart before they are decoded.
_STATEFUL = re.compile("utf-16|utf-32|iso2022|hz|utf-7")


@dataclass(frozen=True)
class TextFile:
    """A text file whose encoding and damage are known.

    Attributes
    ----------
    path : Path
    encoding : Encoding
    lines : int
        Line feeds in the file, and one.
    damage : Counter of str
        What was wrong with how many lines or bytes.
    clean : bool
        Whether every line is sound in the encoding, so that blocks can be decoded whole.
    """

    path: Path
    encoding: Encoding
    lines: int
    damage: Counter[str]
    clean: bool

    def blocks(self) -> Iterator[str]:
        """Yield the text from the start, in blocks of whole lines, without byte-order mark and NUL characters.

        A last line that has no end, and text whose only line ends are carriage returns, come in one block.
        """
        texts = _decoded(self.path, self.encoding.name, None if self.clean else LineAccount())
        for index, text in enumerate(texts):
            plain = text.removeprefix("\ufeff") if index == 0 else text
            yield plain.replace("\x00", "") if self.damage[NULS] else plain


def open_text_file(path: Path, encoding: Encoding | None = None) -> TextFile:
    """Read a file once, to find its encoding (where none is given) and to count what is wrong with it.

    Raises
    ------
    InputError
        When the file cannot be read, or its bytes are no text.
    """
    found = encoding or find_encoding(_raw_blocks(path))
    if found is None:
        raise InputError(
            f"{path}: the file is binary, not a table; export the responses again as CSV or XLSX, "
            "or name the encoding with --encoding when it is text."
        )
    nuls = lines = 0
    account = LineAccount()
    if found.sound:
        for raw in _raw_blocks(path):
            nuls += raw.count(0)
            lines += raw.count(b"\n")
    else:
        for text in _decoded(path, found.name, account):
            nuls += text.count("\x00")
            lines += text.count("\n")
    damage = account.damage(found.name)
    if nuls:
        damage[NULS] = nuls
    return TextFile(path, found, lines + 1, damage, clean=not account.other and not account.damaged)


def _decoded(path: Path, encoding: str, account: LineAccount | None) -> Iterator[str]:
    if _STATEFUL.match(encoding):
        yield from _stateful(path, encoding, account or LineAccount())
        return
    errors = strictly(encoding)
    for raw in _raw_blocks(path):
        yield raw.decode(encoding, errors) if account is None else decode(raw, encoding, account)


def _stateful(path: Path, encoding: str, account: LineAccount) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)(_replacing(encoding))
    rest = ""
    with _opened(path) as file:
        while True:
            raw = file.read(BLOCK)
            text = rest + decoder.decode(raw, final=not raw)
            whole = text.rfind("\n") + 1 if raw else len(text)
            text, rest = text[:whole], text[whole:]
            if "\ufffd" in text:
                account.damaged += sum("\ufffd" in line for line in text.split("\n"))
            if text:
                yield text
            if not raw:
                return


def _replacing(encoding: str) -> str:
    return "nps_nlp_windows_jis_or_replace" if encoding.startswith("iso2022_jp") else "replace"


def _extended_or_replaced(error: UnicodeError) -> tuple[str | bytes, int]:
    try:
        return codecs.lookup_error("nps_nlp_windows_jis")(error)
    except UnicodeError:
        return codecs.replace_errors(error)


codecs.register_error("nps_nlp_windows_jis_or_replace", _extended_or_replaced)


def _raw_blocks(path: Path) -> Iterator[bytes]:
    with _opened(path) as file:
        while block := file.read(BLOCK):
            yield block + file.readline()


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the path and the permissions.") from error
