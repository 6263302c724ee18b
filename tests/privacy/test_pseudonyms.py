import base64
import stat
import sys

import pytest

from nps_nlp.errors import InputError
from nps_nlp.privacy import pseudonyms
from nps_nlp.privacy.pseudonyms import Pseudonyms, open_key


def test_a_key_is_made_once_and_only_its_owner_can_read_it(tmp_path):
    path = tmp_path / "key"
    first = open_key(path).code("name", "佐藤")
    assert open_key(path).code("name", "佐藤") == first
    assert len(base64.urlsafe_b64decode(path.read_bytes())) == 32
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert open_key(tmp_path / "other").code("name", "佐藤") != first


def test_the_map_opens_with_its_key_only(tmp_path):
    names = open_key(tmp_path / "key")
    code = names.code("name", "佐藤")
    names.write_map(tmp_path / "map")
    assert "佐藤".encode() not in (tmp_path / "map").read_bytes()
    assert code.encode() not in (tmp_path / "map").read_bytes()
    assert open_key(tmp_path / "key", create=False).read_map(tmp_path / "map") == {code: "佐藤"}
    with pytest.raises(InputError, match="another key"):
        open_key(tmp_path / "other").read_map(tmp_path / "map")
    with pytest.raises(InputError, match="no such map"):
        names.read_map(tmp_path / "nowhere")


def test_two_texts_of_one_code_are_both_shown(tmp_path, monkeypatch):
    monkeypatch.setattr(pseudonyms, "_CODE", 0)
    names = Pseudonyms(bytes(32))
    for text in ("佐藤", "田中", "佐藤"):
        names.code("name", text)
    names.write_map(tmp_path / "map")
    assert names.read_map(tmp_path / "map") == {"": "佐藤 | 田中"}


@pytest.mark.parametrize("content", [b"", b"short", base64.urlsafe_b64encode(bytes(16)), "鍵".encode()])
def test_what_is_no_key(tmp_path, content):
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(InputError, match="key"):
        open_key(tmp_path / "key")


def test_a_missing_key_is_not_made_for_unmasking(tmp_path):
    with pytest.raises(InputError, match="no readable key"):
        open_key(tmp_path / "key", create=False)
    assert not (tmp_path / "key").exists()


def test_without_cryptography_the_command_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "cryptography.fernet", None)
    with pytest.raises(InputError, match=r"pip install 'nps-nlp\[privacy\]'"):
        open_key(tmp_path / "key")
