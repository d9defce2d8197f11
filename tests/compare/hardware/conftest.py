import pytest

from tests.compare.hardware.runs import connect, small_plan
from tests.loopback import RuntimeServer
from tests.quantum.backends.few_tries import few_tries


@pytest.fixture(scope="package", autouse=True)
def fitted_fast():
    with few_tries():
        yield


@pytest.fixture(scope="session")
def served():
    """A service on loopback with the environment that leads to it, and a plan of two jobs there."""
    with pytest.MonkeyPatch.context() as patch, RuntimeServer() as server:
        for name, value in server.environ.items():
            patch.setenv(name, value)
        account = connect()
        plan = small_plan("ibm_fez", 2, account=account)
        yield server, account, plan


@pytest.fixture
def server(served):
    """The service, as it was before each test."""
    server = served[0]
    yield server
    server.faults.clear()
    server.gone, server.delay, server.tag_lag, server.operational = False, 0.0, 0.0, True
