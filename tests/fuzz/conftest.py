from tests.compare.conftest import shared

__all__ = ["shared"]
