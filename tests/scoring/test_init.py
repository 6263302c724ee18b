"""The room as a whole: light to import, complete in what it shows."""

import subprocess
import sys

from nps_nlp import scoring


def test_import_stays_light():
    script = "import nps_nlp.scoring, sys; print(sorted(m for m in sys.modules if m.split('.')[0] == 'scipy'))"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"


def test_every_public_name_exists_and_is_documented():
    for name in scoring.__all__:
        value = getattr(scoring, name)
        if callable(value):
            assert value.__doc__, name
            assert len(value.__doc__.splitlines()) > 3, name
