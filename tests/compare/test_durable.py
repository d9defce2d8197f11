import errno
import os
import resource

import pytest

from compare import durable
from compare.durable import NotWritten, folder_at_once, remove_file, write_file
from problems.errors import InputError
from tests.compare.hardware.runs import in_one_line


def fails(code):
    def failing(*_, **__):
        raise OSError(code, os.strerror(code))

    return failing


def names(folder):
    return sorted(path.name for path in folder.rglob("*"))


@pytest.fixture
def small_files():
    """No file may grow beyond 1000 bytes: a write stops in its midst, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path):
    write_file(tmp_path / "a", b"old")
    write_file(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"
    assert names(tmp_path) == ["a"]


def test_a_write_that_stops_in_its_midst_leaves_the_file_as_it_was(tmp_path, small_files):
    write_file(tmp_path / "a", b"old")
    with pytest.raises(NotWritten, match=r"a cannot be written \(File too large\)") as stop:
        write_file(tmp_path / "a", bytes(2000))
    in_one_line(stop)
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_a_folder_that_does_not_fit_is_not_there_at_all(tmp_path, small_files):
    with pytest.raises(NotWritten, match="run cannot be written"):
        folder_at_once(tmp_path / "run", {"small": b"1", "large": bytes(2000)})
    assert names(tmp_path) == []


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_a_full_disk_is_told_at_each_step_of_a_file(tmp_path, monkeypatch, step, code):
    write_file(tmp_path / "a", b"old")
    monkeypatch.setattr(os, step, fails(code))
    with pytest.raises(NotWritten, match=os.strerror(code)):
        write_file(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


@pytest.mark.parametrize("step", ["mkdir", "fsync", "rename"])
def test_a_full_disk_is_told_at_each_step_of_a_folder(tmp_path, monkeypatch, step):
    monkeypatch.setattr(os, step, fails(errno.ENOSPC))
    with pytest.raises(NotWritten, match="No space left on device"):
        folder_at_once(tmp_path / "run", {"a": b"1"})
    assert names(tmp_path) == []


def test_content_is_on_disk_before_it_has_its_name(tmp_path, monkeypatch):
    steps = []
    fsync, replace, rename = os.fsync, os.replace, os.rename
    monkeypatch.setattr(os, "fsync", lambda file: (steps.append(os.readlink(f"/proc/self/fd/{file}")), fsync(file)))
    monkeypatch.setattr(os, "replace", lambda *paths: (steps.append("named"), replace(*paths)))
    monkeypatch.setattr(os, "rename", lambda *paths: (steps.append("named"), rename(*paths)))
    write_file(tmp_path / "a", b"1")
    part, named, settled = steps
    assert (os.path.dirname(part), named, settled) == (str(tmp_path), "named", str(tmp_path))
    steps.clear()
    folder_at_once(tmp_path / "run", {"b": b"1", "c": b"2"})
    *parts, folder, named, settled = steps
    assert [os.path.basename(part) for part in parts] == ["b", "c"]
    assert {os.path.dirname(part) for part in parts} == {folder} != {str(tmp_path / "run")}
    assert (named, settled) == ("named", str(tmp_path))


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS])
def test_what_may_not_be_written_is_bad_input(tmp_path, monkeypatch, code):
    monkeypatch.setattr(durable, "_write", fails(code))
    with pytest.raises(InputError, match=f"{os.strerror(code)}.*make it writable") as stop:
        write_file(tmp_path / "a", b"1")
    in_one_line(stop)
    assert names(tmp_path) == []


def test_a_folder_that_exists_is_not_replaced(tmp_path):
    folder_at_once(tmp_path / "run", {"a": b"1"})
    with pytest.raises(InputError, match="cannot be written"):
        folder_at_once(tmp_path / "run", {"a": b"2"})
    assert (tmp_path / "run" / "a").read_bytes() == b"1"
    assert names(tmp_path) == ["a", "run"]


def test_removing_a_file_that_is_not_there_is_no_error(tmp_path):
    write_file(tmp_path / "a", b"1")
    remove_file(tmp_path / "a")
    remove_file(tmp_path / "a")
    assert names(tmp_path) == []
