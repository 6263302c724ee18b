import pytest

from nps_nlp.classify.peers import PEERS, Peer, PeerUnavailableError, read_with

PLAIN = {"ja": ("とても良い", "最悪で嫌いだ"), "en": ("I love it, great", "I hate it, terrible")}


@pytest.mark.parametrize("peer", PEERS, ids=lambda p: p.name)
def test_installed_tools_tell_praise_from_blame(peer):
    pytest.importorskip(
        {"vaderSentiment": "vaderSentiment.vaderSentiment"}.get(peer.package, peer.package),
        reason=f"{peer.name} is not installed (extra [peers])",
    )
    try:
        assert read_with(peer, list(PLAIN[peer.language])) == ["positive", "negative"]
    except PeerUnavailableError as error:
        pytest.skip(str(error))


def test_a_tool_that_is_not_installed_says_how_to_get_it():
    with pytest.raises(PeerUnavailableError, match=r"pip install 'nps-nlp\[peers\]'"):
        read_with(Peer("none", "no-such-package-at-all", "ja", lambda: str), ["x"])


def test_a_tool_that_fails_says_with_what():
    def broken():
        raise RuntimeError("no locale\nand more")

    with pytest.raises(PeerUnavailableError, match=r"numpy .* does not run here: RuntimeError: no locale$"):
        read_with(Peer("broken", "numpy", "ja", broken), ["x"])


def test_an_asari_with_a_pickle_is_not_opened(monkeypatch):
    from nps_nlp.classify import peers

    monkeypatch.setattr(peers, "version", lambda _: "0.0.4")
    with pytest.raises(PeerUnavailableError, match="pickle"):
        read_with(next(p for p in PEERS if p.name == "asari"), ["x"])
