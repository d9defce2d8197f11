import functools

import pytest

from quantum.backends.snapshots import snapshot


@pytest.fixture(scope="package", autouse=True)
def _snapshots_read_once():
    """Reading one from its files takes longer than all that is counted on it here."""
    known = functools.cache(snapshot)
    with pytest.MonkeyPatch.context() as patch:
        for module in ("quantum.resources.targets", "compare.studies.ridgelet.crossover.counting"):
            patch.setattr(f"{module}.snapshot", known)
        yield
