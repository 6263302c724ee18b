"""Import what only training needs, or say how to get it."""

from __future__ import annotations

import importlib
from typing import Any

from nps_nlp.errors import ModelError


def need(module: str) -> Any:
    """Import a module of the extra ``[train]``.

    Raises
    ------
    ModelError
        With the exact pip command when it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ModelError(
            f"Training the encoder needs {module!r}, which is not installed; run: pip install 'nps-nlp[train]'"
        ) from error
