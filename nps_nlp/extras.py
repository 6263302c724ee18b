"""Import what an extra brings, or say how to get it."""

from __future__ import annotations

import importlib
from typing import Any

from nps_nlp.errors import InputError, ModelError

# What each extra is for, as a message begins, and the error of those who ask for it.
_FOR: dict[str, tuple[str, type[InputError | ModelError]]] = {
    "privacy": ("--pii-key", InputError),
    "train": ("Training the encoder", ModelError),
    "transformers": ("--model huggingface:…", ModelError),
}


def need(module: str, extra: str) -> Any:
    """Import a module of an extra.

    Parameters
    ----------
    module : str
    extra : {"privacy", "train", "transformers"}

    Raises
    ------
    InputError, ModelError
        With the exact pip command when it is not installed.

    Examples
    --------
    >>> need("json", "train").loads("[1]")
    [1]
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        what, refusal = _FOR[extra]
        raise refusal(
            f"{what} needs {module.partition('.')[0]!r}, which is not installed; run: pip install 'nps-nlp[{extra}]'"
        ) from error
