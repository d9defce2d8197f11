import pytest

from compare.verdict import gather
from tests.compare.verdict import planted

CASES = {
    "wins": {"quantum": 1e-3},
    "ties": {"quantum": 1.2},
    "loses": {"quantum": 1e4},
    "mixed": {"quantum": 10.0},
    "far": {"quantum": 1e4, "beyond": (16.0,)},
    "late": {"quantum": 1e18},
    "failed": {"fails": True},
}


@pytest.fixture(scope="session")
def planted_rows(tmp_path_factory):
    """Rows of studies that were run once, each with other planted seconds; of `missing` nothing was run."""
    root = tmp_path_factory.mktemp("planted")
    studies = [planted.study(name, **settings) for name, settings in CASES.items()]
    gather(studies, root, progress=False)
    other = planted.newer(planted.study("loses", **CASES["loses"]))
    rows = gather([*studies, planted.study("missing")], root, run=False)
    renewed = gather([other], root, run=False)
    return {row.study: row for row in rows} | {"renewed": renewed[0]}
