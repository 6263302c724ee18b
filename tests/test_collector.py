import gc

import pytest

from nps_nlp.collector import no_collector


def test_the_collector_runs_again_also_after_an_error_and_stays_off_where_it_was_off():
    with pytest.raises(ZeroDivisionError), no_collector():
        1 / gc.isenabled()
    assert gc.isenabled()
    gc.disable()
    try:
        with no_collector():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
