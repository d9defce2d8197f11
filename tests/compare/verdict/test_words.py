"""Sentences of the verdict, on records whose outcome is known."""

import dataclasses
import json

import pytest

from compare.claims import Mark, reading_error
from compare.engine.record import sealed
from compare.statistics import Estimate
from compare.verdict import gather, outcome, sentence
from compare.verdict.words import card_sentences, flip, marks_said, missing, now
from tests.compare.verdict import planted


@pytest.mark.parametrize(
    ("name", "expected"), [("wins", "wins"), ("ties", "ties"), ("loses", "loses"), ("mixed", "loses"), ("late", "open")]
)
def test_the_outcome_is_what_was_planted(planted_rows, name, expected):
    assert outcome(planted_rows[name].claim.mark) == expected


def test_a_ratio_that_touches_one_is_a_tie():
    one = Estimate(1.0, 1.0, 1.0, 1)
    assert outcome(Mark("x", Estimate(1.0, 2.0, 3.0, 1), one)) == "ties"
    assert outcome(Mark("x", Estimate(1.01, 2.0, 3.0, 1), one)) == "loses"
    assert outcome(Mark("x", one, None)) == "unknown"
    assert outcome(None) == "unknown"


def test_each_outcome_has_its_sentence(planted_rows):
    said = {name: sentence(row) for name, row in planted_rows.items()}
    assert said["wins"] == (
        "The quantum side is 1,000 [250, 4,000] times as fast as rain at n = 5, by T gates one by one; by fake_fez, "
        "with its errors and by T layers at once the quantum side does not get there."
    )
    assert said["ties"].startswith("The quantum side and rain are not told apart (1.2 [0.3, 4.8] times as slow)")
    assert said["loses"] == (
        "The quantum side is 10,000 [2,500, 40,000] times as slow as rain at n = 5, by T gates one by one; no other "
        "stated assumption changes who is faster."
    )
    assert said["mixed"].endswith("by one step a query the quantum side is faster.")
    assert "extrapolated 16 times beyond what was counted" in said["far"]
    assert "extrapolated" not in said["loses"]
    assert said["late"].startswith("The quantum side never reaches it at n = 5")


def test_a_row_without_numbers_says_why_and_how_to_run_it(planted_rows):
    assert sentence(planted_rows["missing"]) == (
        "Not known: It was never run here. Run `tickets missing --preset verdict`."
    )
    failed = missing(planted_rows["failed"])
    assert "1 task failed, the first because:" in failed
    assert "the planted task fails" in failed
    assert failed.endswith("Run `tickets failed --preset verdict`.")
    renewed = planted_rows["renewed"]
    assert renewed.claim is None
    assert "Records of another version are passed over" in sentence(renewed)
    assert "'planted/both' version 1" in sentence(renewed)


def test_the_least_change_that_flips_a_row_is_found(planted_rows):
    row = planted_rows["loses"].claim
    assert [(one.name, one.flag) for one in row.nearest] == [("error of a pot", "--error")]
    # Seconds fall with the square of the error: 10^4 times as slow is an error 100 times as large.
    assert row.nearest[0].factor == pytest.approx(100, rel=1e-9)
    assert {one.name: round(one.factor) for one in row.changes} == {"seconds of a round": 10_000, "error of a pot": 100}
    assert flip(row).startswith("error of a pot, 100 times as large (1 to 100; --error)")
    assert flip(planted_rows["wins"].claim).startswith("error of a pot, 31.6 times as small")
    assert flip(planted_rows["ties"].claim) == "nothing has to change: the interval holds both"


def test_marks_say_from_which_size_on(planted_rows):
    said = marks_said(planted_rows["loses"].claim)
    assert said[0].endswith("faster from n = 1,000 on")
    assert said[1].endswith("never faster up to n = 1.0e6")
    assert said[2] == "fake_fez, with its errors: never reached"
    assert now(planted_rows["loses"].claim) == (
        "the quantum side does not get there (fake_fez, with its errors: never reached)"
    )


def test_the_card_counts_and_names_the_nearest(planted_rows):
    names = ("wins", "ties", "loses", "missing")
    first, second, third = card_sentences([planted_rows[name] for name in names])
    assert first.endswith(
        "the quantum side is faster in 1, neither is clearly faster in 1, the classical side is faster in 1, nothing "
        "is known of 1."
    )
    assert second.startswith("The quantum side does best in planted: 1,000 [250, 4,000] times as fast as rain")
    assert "31.6 times as small" in third
    assert card_sentences([planted_rows["missing"]])[0].endswith("nothing is known of 1.")
    assert len(card_sentences([planted_rows["missing"]])) == 1


def signed(content):
    """A line of these contents, with its digest."""
    return json.dumps(content | {"digest": sealed(content)})


@pytest.mark.parametrize(
    ("part", "words"), [("machine", "another machine"), ("versions", "other versions of the packages")]
)
def test_a_row_whose_lines_differ_from_most_says_so(planted_rows, part, words):
    from compare.verdict.gather import _apart

    odd = planted_rows["loses"]
    ((task, record),) = odd.records.items()
    line = dataclasses.replace(record.line, **{part: {"cores": "1"}})
    odd = dataclasses.replace(odd, records={task: dataclasses.replace(record, line=line)})
    rows = _apart([planted_rows["wins"], planted_rows["ties"], odd])
    assert rows[2].notes == [f"Its records are of {words} than those of most rows."]
    assert not rows[0].notes


def test_a_row_of_several_machines_and_versions_and_of_unread_lines_says_so(tmp_path):
    """Two tasks of one study, of which the second was run elsewhere; and a line that was cut off."""
    settings = {"quantum": 1e4, "beyond": (1.0, 2.0)}
    study = planted.study("both", **settings)
    (row,) = gather([study], tmp_path, progress=False)
    assert not row.notes
    lines = (tmp_path / "both" / "records.jsonl").read_text().splitlines()
    assert len(lines) == 2
    other = json.loads(lines[1])
    other["machine"] |= {"processor": "another"}
    other["versions"] |= {"numpy": "0.1"}
    (tmp_path / "both" / "records.jsonl").write_text(f"{lines[0]}\n{signed(other)}\n{lines[1][:40]}\n")
    (row,) = gather([study], tmp_path, run=False)
    assert row.claim is not None
    told = " ".join(row.notes)
    assert "Its records are of 2 machines." in told
    assert "Its records are of 2 versions of the packages." in told
    assert "damaged" in told
    assert sentence(row).startswith("The quantum side is 10,000")


def test_a_row_of_which_a_part_failed_has_its_numbers_and_says_so(tmp_path):
    """The second of two tasks was never run: its row stands on the first."""
    study = planted.study("part", quantum=1e4, beyond=(1.0, 2.0))
    gather([study], tmp_path, progress=False)
    path = tmp_path / "part" / "records.jsonl"
    path.write_text(path.read_text().splitlines(keepends=True)[0])
    (row,) = gather([study], tmp_path, run=False)
    assert row.notes == ["1 of 2 tasks is not run yet."]
    assert outcome(row.claim.mark) == "loses"


def test_an_error_falls_with_the_root_of_the_time_that_is_spent():
    found = reading_error(0.01, Estimate(1.0, 4.0, 9.0, 3))
    assert (found.low, found.best, found.high, found.samples) == pytest.approx((0.01, 0.02, 0.03, 3))
