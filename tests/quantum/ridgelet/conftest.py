from tests.statistical.conftest import measured

__all__ = ["measured"]
