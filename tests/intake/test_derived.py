from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.intake.derived import NOT_CHOSEN, NOTHING, Derived, Fold

OPTIONS = ("Web", "Phone", "Shop")


@given(st.lists(st.booleans(), min_size=3, max_size=3), st.sampled_from(["1", "Yes", "x", "○", "text"]))
def test_what_was_chosen_comes_back(chosen, mark):
    row = [mark if one else "" for one in chosen]
    cell = Fold("Used", tuple(enumerate(OPTIONS))).cell(row)
    assert cell.split("; ") == [o for o, one in zip(OPTIONS, chosen, strict=True) if one] or (
        cell == "" and not any(chosen)
    )


def test_nothing_changes_nothing_and_unknown_numbers_stay():
    assert not NOTHING
    assert NOTHING.complete(["a", "b"]) == ["a", "b"]
    keyed = Derived(keys=((0, {"1": "男性"}),))
    assert keyed
    assert [keyed.complete([cell]) for cell in ("1", " 1 ", "9", "")] == [["男性"], ["男性"], ["9"], [""]]


def test_marks_of_not_chosen_make_no_answer():
    fold = Fold("Used", ((0, "Web"),))
    assert {fold.cell([mark.upper()]) for mark in NOT_CHOSEN} == {""}
    assert Derived((fold,)).folded == {0: "Used"}
