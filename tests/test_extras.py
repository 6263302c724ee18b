import tomllib
from pathlib import Path

import pytest

from nps_nlp import extras
from nps_nlp.errors import InputError, ModelError


@pytest.mark.parametrize(
    ("extra", "error", "what"),
    [
        ("train", ModelError, "Training the encoder"),
        ("transformers", ModelError, "--model huggingface:"),
        ("privacy", InputError, "--pii-key"),
    ],
)
def test_missing_package_is_named_with_its_command(extra, error, what):
    with pytest.raises(error, match=rf"^{what}.* needs 'no_such_module'.*pip install 'nps-nlp\[{extra}\]'$"):
        extras.need("no_such_module.part", extra)


def test_every_extra_that_is_named_exists():
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))
    assert set(extras._FOR) <= set(project["project"]["optional-dependencies"])
