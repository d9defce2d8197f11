"""The page: self-contained, a row a claim, every number with a link to its record."""

import re
from dataclasses import replace

import pytest

from compare import cli
from compare.report.breaking import broken
from compare.studies import STUDIES
from compare.verdict import gather, sentence, verdict_report, write_verdict
from compare.verdict.gather import PRESET, claiming
from compare.verdict.tables import COLUMNS, claims_tables
from tests.compare.test_report import Page
from tests.compare.verdict import planted

NAMES = ("wins", "ties", "loses", "missing", "failed", "renewed")


@pytest.fixture(scope="module")
def page(planted_rows, tmp_path_factory):
    path = write_verdict([planted_rows[name] for name in NAMES], tmp_path_factory.mktemp("page"))
    return path.read_text(encoding="utf-8")


def test_every_claim_has_a_row_and_every_link_its_target(page):
    parsed = Page(page)
    text = "".join(parsed.text)
    assert "6 claims" in text
    assert text.count("Not known:") >= 3
    targets = {value[1:] for value in parsed.values("href") if value.startswith("#")}
    assert targets <= set(parsed.values("id"))
    assert len([one for one in targets if one.startswith("record-")]) == 3
    assert "Symbols" in text
    assert "against snow: faster from n = 7 on" in text
    assert "What is missing" in text
    assert "7 worms; sun" in text


def test_assumptions_stand_with_what_reverses_the_row(planted_rows):
    report = verdict_report([planted_rows["loses"], planted_rows["missing"]])
    (section,) = (one for one in report.sections if one.title == "Which assumption flips it")
    (table,) = section.tables
    rows = {str(row[0]): [str(cell) for cell in row[1:]] for row in table.rows}
    assert rows == {
        "Round": ["1 s (--cycle, --cycles)", "10,000 times as small (1 to 1.0e-4; --cycle)", "nobody"],
        "Weather": ["fair", "-", "quantum: it rains"],
    }


def test_parts_of_the_table_of_claims_have_every_row_and_every_column_once(planted_rows):
    parts = claims_tables([planted_rows[name] for name in NAMES])
    assert all(len(part.rows) == len(NAMES) for part in parts)
    assert all(len(row) == len(part.columns) for part in parts for row in part.rows)
    assert [column for part in parts for column in part.columns[1:]] == list(COLUMNS[1:])
    assert str(parts[0].rows[NAMES.index("missing")][1]).startswith("Not known")
    assert all(len(broken(part)) == 1 for part in parts)


def test_a_flag_is_not_broken_at_its_hyphens(page):
    assert '<span class="flag">--cycle</span>' in page
    assert "&lt;span" not in page


def test_the_page_loads_nothing_and_is_small(page):
    assert not re.findall(r'(?:src|href)="(?!data:|#|https://arxiv)', page)
    assert len(page) < 3e6


def test_of_nothing_at_all_there_is_a_page(planted_rows, tmp_path):
    report = verdict_report([planted_rows["missing"]])
    assert report.card.sentences
    assert "Not known" in write_verdict([planted_rows["missing"]], tmp_path).read_text(encoding="utf-8")


def test_five_papers_have_a_door_and_a_preset():
    doors = claiming(STUDIES)
    assert {study.name for study in doors} == {"crossover", "kernels", "neurons", "states", "training"}
    for study in doors:
        full = {one.kind.name for one in study.tasks(study.settings())}
        assert {one.kind.name for one in study.tasks(study.presets[PRESET])} <= full


def test_most_tasks_of_a_preset_are_those_of_the_full_run():
    for study in claiming(STUDIES):
        full = {one.id for one in study.tasks(study.settings())}
        own = [one.id for one in study.tasks(study.presets[PRESET])]
        shared = sum(one in full for one in own) / len(own)
        assert shared > 0.9, (study.name, shared)


def test_the_command_makes_a_page_of_what_is_there(tmp_path, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(["verdict", "--no-run", "--runs", str(tmp_path)])
    assert stop.value.code == 1
    assert "5 of 5 rows have no numbers" in capsys.readouterr().err
    text = (tmp_path / "verdict" / "report.html").read_text(encoding="utf-8")
    for name in ("crossover", "kernels", "neurons", "states", "training"):
        assert f"tickets {name} --preset verdict" in text


def test_a_study_that_raises_leaves_the_other_rows_alone(tmp_path):
    def broken(settings, records):
        raise KeyError("a fault")

    studies = [
        replace(planted.study("broken"), prepare=broken),
        planted.study("sound"),
        replace(planted.study("walled"), claim="tests.compare.verdict.nowhere:claim"),
    ]
    rows = gather(studies, tmp_path, progress=False)
    assert rows[2].claim is None
    assert "Its records make no claim (ModuleNotFoundError: No module named" in sentence(rows[2])
    assert rows[0].claim is None
    assert "It did not run (KeyError: 'a fault')." in sentence(rows[0])
    assert rows[1].claim is not None
