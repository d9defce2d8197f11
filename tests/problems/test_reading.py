import errno
import os

import pytest

from problems.reading import read_file
from problems.written import read_real, read_whole


def test_a_file_of_as_many_bytes_as_there_may_be_is_read(tmp_path):
    (tmp_path / "file").write_bytes(b"12345")
    assert read_file(tmp_path / "file", 5) == b"12345"
    with pytest.raises(OSError, match="it has 5 bytes, and 4 are the most") as refused:
        read_file(tmp_path / "file", 4)
    assert refused.value.errno == errno.EFBIG


@pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="a system without /proc")
def test_a_file_that_the_system_makes_while_it_is_read_has_a_bound_too():
    """Its size is said to be 0."""
    assert os.stat("/proc/self/maps").st_size == 0
    with pytest.raises(OSError, match="it has more than 100 bytes"):
        read_file("/proc/self/maps", 100)


def test_devices_pipes_and_folders_are_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    os.symlink("/dev/zero", tmp_path / "device")
    for name in ("pipe", "device"):
        with pytest.raises(OSError, match="it is no regular file"):
            read_file(tmp_path / name)
    with pytest.raises(IsADirectoryError):
        read_file(tmp_path)


def test_numbers_are_digits_0_to_9():
    assert (read_whole(" -12 "), read_whole("007"), read_real("1e-3"), read_real("inf")) == (-12, 7, 1e-3, float("inf"))
    for text in ("1_0", "\uff15", "\u0665", "\xbd", "", "0x10", "1e3"):
        with pytest.raises(ValueError):  # noqa: PT011  (every reader says it in its own words)
            read_whole(text)
    for text in ("1_0", "\uff15", "1,5", ""):
        with pytest.raises(ValueError):  # noqa: PT011
            read_real(text)
