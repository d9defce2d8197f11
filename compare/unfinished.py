"""Errors that stop a command short of its result without being the user's mistake."""

__all__ = ["Unfinished"]


class Unfinished(RuntimeError):
    """There is no result yet: why, and what continues, in one line.

    Attributes
    ----------
    code
        The exit code of the command line.
    """

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code
