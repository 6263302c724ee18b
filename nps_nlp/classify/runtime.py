"""onnxruntime with its telemetry off: nothing that this package does is reported to anybody.

From 1.29 on the wheels for Linux and macOS keep an identifier of the device in the home folder and send events to
Microsoft, as those for Windows do through the system (see ``Privacy.md`` beside the installed package).
"""

from __future__ import annotations

import os

# It is read once, when the library is loaded: whoever has imported onnxruntime before must have set it themselves.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

# On Windows the variable is not read.
onnxruntime.disable_telemetry_events()

__all__ = ["onnxruntime"]
