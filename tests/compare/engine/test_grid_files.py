"""Files of grids that are none, and values that YAML 1.1 reads as something else."""

import os

import pytest

from compare.engine.grid import read_parts
from problems.errors import InputError


@pytest.mark.parametrize("written", ["010", "1_0", "1:30", "0x10", "0b11", "1_0.5", "yes", "No", "on"])
def test_what_yaml_reads_as_something_else_is_refused(tmp_path, written):
    (tmp_path / "grid.yaml").write_text(f"dimension: {written}\n")
    with pytest.raises(InputError, match=f"{written} is read as something else"):
        read_parts(tmp_path / "grid.yaml")


def test_what_is_meant_as_it_is_written_is_read(tmp_path):
    (tmp_path / "grid.yaml").write_text('a: [10, 0, -3, 1.5, .5, 1.0e-3, true, False, "010"]\n')
    assert read_parts(tmp_path / "grid.yaml") == [{"a": [10, 0, -3, 1.5, 0.5, 1e-3, True, False, "010"]}]


def test_devices_pipes_folders_and_large_files_are_no_grids(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "large").open("wb") as file:
        file.truncate(10**8)
    for name in ("/dev/zero", tmp_path / "pipe", tmp_path, tmp_path / "large"):
        with pytest.raises(InputError, match="cannot be read"):
            read_parts(tmp_path / name)
