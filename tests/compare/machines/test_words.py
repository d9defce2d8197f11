import re

import pytest

from compare.machines import Assumptions, Crossing, assumption_rows, crossing_cell, machine_name, size_text
from compare.statistics import Estimate


@pytest.mark.parametrize(
    ("crossing", "text"),
    [
        (Crossing(4, 10**6, 64, None, None, None, None), "never up to 10^6"),
        (Crossing(4, 10**6, 64, None, None, 900_000, None), "never up to 10^6, possible from 9.0 10^5"),
        (Crossing(4, 10**6, 64, 20, 10**6, 18, 23), "from 20 [18, 23]"),
        (Crossing(4, 10**6, 64, 200, 10**6, 64, None), "from 200* [64, > 10^6]"),
        (Crossing(4, 10**6, 64, 20, 40, 18, None), "from 20 [18, > 10^6], to 40"),
        (Crossing(4, 10**15, 64, 2_400_000, 10**15, 12_345, 10**7), "from 2.4 10^6* [1.2 10^4, 10^7]"),
    ],
)
def test_a_crossing_is_written_with_its_interval(crossing, text):
    cell = crossing_cell(crossing)
    assert (cell.text, cell.value) == (text, crossing.start)


def test_sizes_are_written_in_full_while_they_are_short():
    assert [size_text(size) for size in (7, 9999, 10_000, 123_456)] == ["7", "9,999", "10^4", "1.2 10^5"]


def test_every_assumption_is_listed_with_a_flag():
    rows = assumption_rows(Assumptions(delay=1e-3, t_rate=4e4), 1e-7, 2e9, "2025-02-26T15:16:25-05:00")
    flags = set(re.findall(r"--[a-z-]+[a-z]", " ".join(row[2] for row in rows)))
    assert flags == {"--" + name.replace("_", "-") for name in Assumptions.__dataclass_fields__}
    assert all(all(row) for row in rows)
    cells = {row[0]: row[1] for row in rows}
    assert "repetition delay 1 ms" in cells["A shot on the device"]
    assert "as it was on 2025-02-26; two-qubit gate 100 ns" in cells["Device"]
    # 0.1 10^-13 a qubit and cycle, for 50 10^9 of them.
    assert "25, so a logical step takes 25 µs. It leaves a failure of 5e-04" in cells["Code distance"]
    assert "40000 a second" in cells["T states"]
    assert cells["Classical cores"].endswith("(not measured: 1)")
    measured = assumption_rows(Assumptions(), 1e-7, 2e9, None, {3: Estimate(0.9, 0.95, 0.97, 15)})
    (cores,) = (row[1] for row in measured if row[0] == "Classical cores")
    assert cores.startswith("2, all drawing")
    assert "0.950 [0.900, 0.970] at P = 3" in cores
    assert machine_name("device", Assumptions(device="fake_torino")) == "fake_torino, errors ignored"
