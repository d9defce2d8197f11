"""Properties of every study's claim, whatever its settings."""

from compare.claims import DOES_NOT_FIT, NEVER_REACHED
from compare.engine.kind import imported
from compare.verdict.gather import Row
from compare.verdict.words import outcome, sentence


def claim_of(runs):
    """Return the claim that a study makes of its runs, checked."""
    found = imported(runs.study.claim)(runs, runs.settings)
    assert found.mark is not None
    assert found.built
    for one in (*found.numbers, *found.marks):
        assert set(one.records) <= set(runs.records.finished), one
    for mark in found.marks:
        assert mark.open in ("", NEVER_REACHED, DOES_NOT_FIT)
        assert mark.beyond >= 1
        assert mark.ratio is None or mark.ratio.low <= mark.ratio.best <= mark.ratio.high
    for change in found.changes:
        assert change.factor >= 1
        # Seconds of a query grow with the cycle, and fall with machines side by side: whatever the change, it is whole.
        assert change.factor == max(change.value / change.reversed, change.reversed / change.value)
        # Whatever may reverse the row stands among what is assumed, with its flag.
        assert any(change in one.factors([change]) for one in found.assumes), change
    assert found.omits
    assert outcome(found.mark) in ("wins", "ties", "loses", "open")
    assert not sentence(Row(runs.study.name, runs.study.title, found)).startswith("Not known")
    return found
