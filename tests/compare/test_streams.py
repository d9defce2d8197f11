"""A command does its work and leaves whole files, whatever becomes of its output."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from compare.streams import lasting_streams

PROGRAM = """
import os, sys
from compare.streams import lasting_streams
from pathlib import Path

with lasting_streams():
    for number in range(5000):
        print(f"• {number} ± µ λ of what is printed, one line after the other")
    Path(sys.argv[1]).write_text("whole")
    if "CODE" in os.environ:
        raise SystemExit(int(os.environ["CODE"]))
"""


def ran(tmp_path, redirection, **environment):
    """Run the program in a shell, and return its exit code, standard error, and whether the work was done."""
    done = tmp_path / "done"
    command = f'"{sys.executable}" -c "$PROGRAM" "{done}" {redirection}'
    found = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        capture_output=True,
        encoding="latin-1",
        env={"PROGRAM": PROGRAM, "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
    )
    return found.returncode, found.stdout, found.stderr, done.exists() and done.read_text() == "whole"


def test_a_reader_who_leaves_stops_nothing(tmp_path):
    code, out, errors, whole = ran(tmp_path, "| head -1")
    assert (code, errors, whole) == (0, "", True)
    assert out.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a system without /dev/full")
@pytest.mark.parametrize(("ends", "expected"), [({}, 1), ({"CODE": "0"}, 1), ({"CODE": "3"}, 3)])
def test_a_full_disk_is_one_line_at_the_end(tmp_path, ends, expected):
    code, _, errors, whole = ran(tmp_path, "> /dev/full", **ends)
    assert (code, whole) == (expected, True)
    assert errors == "tickets: the output could not be written (No space left on device); files are whole.\n"


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_closed_streams_stop_nothing(tmp_path, closed):
    code, out, errors, whole = ran(tmp_path, closed)
    assert (code, errors, whole) == (0, "", True)
    assert out.count("\n") == (0 if closed.startswith(">") else 5000)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_characters_that_a_terminal_lacks_are_replaced(tmp_path, encoding):
    code, out, errors, whole = ran(tmp_path, "", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert (code, errors, whole) == (0, "", True)
    assert "? 4999" in out


def test_streams_of_a_caller_are_used_and_put_back(monkeypatch):
    class Plain:
        """Has neither `reconfigure` nor a file."""

        def __init__(self):
            self.text = ""

        def write(self, text):
            self.text += text
            return len(text)

        def flush(self):
            pass

    plain, errors = Plain(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", plain)
    monkeypatch.setattr(sys, "stderr", errors)
    with lasting_streams():
        print("said")
        print("told", file=sys.stderr)
    assert (plain.text, errors.getvalue()) == ("said\n", "told\n")
    assert (sys.stdout, sys.stderr) == (plain, errors)


def test_the_exit_code_of_a_command_is_its_own(tmp_path):
    assert ran(tmp_path, "", CODE="2")[0] == 2


def test_errors_of_the_command_itself_pass():
    with pytest.raises(KeyError, match="its own"), lasting_streams():
        raise KeyError("its own")
