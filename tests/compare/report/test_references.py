import re

from compare.report import Report, Section, Table
from compare.report.references import References
from compare.report.symbols import used_symbols

TASKS = [f"{i:04x}" for i in range(20)]


def references():
    table = Table("Every task", ["task"], [[task] for task in TASKS], anchors=TASKS)
    return References(Report("Some", ["Said."], [Section("Behind", tables=[table])]), 2)


def test_neighbors_are_named_by_their_ends():
    assert references().attribute([TASKS[i] for i in (3, 1, 2, 7, 19)]) == ' data-from="2:1-3,7,19"'
    assert references().attribute(["not there"]) == ""


def test_a_link_leads_to_the_first_record_and_says_how_many():
    link = str(references().link([TASKS[5], TASKS[4]]))
    assert 'href="#r2-4"' in link
    assert re.sub("<.*?>", "", link) == "2"
    assert re.sub("<.*?>", "", str(references().link(TASKS[:1], whole=True))) == "1 record behind these numbers"


def test_records_that_are_not_listed_are_named():
    link = str(references().link(["ffff"]))
    assert "ffff, not listed on this page" in link
    assert "href" not in link
    assert str(References(Report("None", [], []), 1).link(["ffff"])) == ""


def test_symbols_are_shown_if_they_occur_as_words():
    symbols = {"K": "points", "K/P^D": "coverage", "n": "images", "|+>": "a state", "p*": "a law"}

    def used(*sentences):
        return list(used_symbols(Report("Title", sentences, [], symbols=symbols)))

    assert used("At K = 3 nothing.") == ["K"]
    assert used("Kernel of nodes, K/P^D and |+>, p*.") == ["K", "K/P^D", "|+>", "p*"]
    assert used("Nothing.") == []
