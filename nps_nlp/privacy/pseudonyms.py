"""Codes behind masks that only the holder of a key can turn back."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
from typing import TYPE_CHECKING, Any

from nps_nlp.errors import InputError
from nps_nlp.extras import need

if TYPE_CHECKING:
    from pathlib import Path

MAP_NAME = "pii-map.enc"
_KEY_BYTES = 32
# 40 bits: among 100,000 different words two share a code with a chance of 0.5 %, and then both are shown.
_CODE = 8


class Pseudonyms:
    """Gives every masked text a code, the same under the same key, and remembers which text it stands for.

    Parameters
    ----------
    key : bytes
        32 random bytes, from `open_key`.
    """

    def __init__(self, key: bytes) -> None:
        self._naming, self._sealing = (hmac.digest(key, use, "sha256") for use in (b"nps-nlp code", b"nps-nlp map"))
        self._known: dict[str, str] = {}

    def code(self, kind: str, text: str) -> str:
        """Return the code of a text: eight letters and digits of its HMAC-SHA256.

        Examples
        --------
        >>> names = Pseudonyms(bytes(32))
        >>> names.code("name", "佐藤") == names.code("name", "佐藤") != names.code("name", "田中")
        True
        """
        digest = hmac.digest(self._naming, f"{kind}\0{text}".encode("utf-8", "surrogatepass"), hashlib.sha256)
        code = base64.b32encode(digest).decode()[:_CODE]
        known = self._known.setdefault(code, text)
        if text not in known.split(" | "):
            self._known[code] = f"{known} | {text}"
        return code

    def write_map(self, path: Path) -> None:
        """Write the codes and their texts, encrypted with the key (Fernet: AES-128-CBC and HMAC-SHA256)."""
        content = json.dumps(self._known, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
        path.write_bytes(self._fernet().encrypt(content))

    def read_map(self, path: Path) -> dict[str, str]:
        """Return the codes and their texts from an encrypted map.

        Raises
        ------
        InputError
            When there is no map, or it was written with another key.
        """
        if not path.is_file():
            raise InputError(
                f"{path}: no such map; it lies in the folder that 'report --pii-key' wrote to (--map FILE)."
            )
        try:
            content = self._fernet().decrypt(path.read_bytes())
        except need("cryptography.fernet", "privacy").InvalidToken as error:
            raise InputError(
                f"{path}: the map was written with another key, or it is damaged; give its own key."
            ) from error
        known: dict[str, str] = json.loads(content.decode("utf-8", "surrogatepass"))
        return known

    def _fernet(self) -> Any:
        return need("cryptography.fernet", "privacy").Fernet(base64.urlsafe_b64encode(self._sealing))


def open_key(path: Path, *, create: bool = True) -> Pseudonyms:
    """Open a key file; make one of 256 random bits that only its owner can read, where there is none.

    Parameters
    ----------
    path : Path
    create : bool
        False when an existing key is needed.

    Raises
    ------
    InputError
        When the file is no key, cannot be made, or the extra ``[privacy]`` is not installed.
    """
    need("cryptography.fernet", "privacy")
    if create and not path.exists():
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)) + b"\n")
        except OSError as error:
            raise InputError(f"{path}: the key cannot be written ({error.strerror}); name another place.") from error
    try:
        key = base64.b64decode(path.read_bytes().strip(), altchars=b"-_", validate=True)
    except (OSError, binascii.Error) as error:
        raise InputError(f"{path}: no readable key; give the file that 'report --pii-key' made.") from error
    if len(key) != _KEY_BYTES:
        raise InputError(f"{path}: not a key of {8 * _KEY_BYTES} bits; give the file that 'report --pii-key' made.")
    return Pseudonyms(key)
