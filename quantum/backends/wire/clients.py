"""Clients of vendors: whether one is installed, and of a version that fits."""

from importlib.metadata import PackageNotFoundError, version

from problems.errors import InputError

__all__ = ["require_client"]


def require_client(what: str, package: str, least: str, below: str, install: str) -> None:
    """Refuse to go on without a vendor's client of a version that fits.

    Parameters
    ----------
    what
        What needs it, in words that begin a sentence: "An IonQ device".
    package
        Its name in the package index.
    least, below
        The first version that fits, and the first that does not, as "1.1".
    install
        How it is installed, in words: which extra, and which lock.

    Raises
    ------
    InputError
        If it is missing, or of another version.
    """
    try:
        found = version(package)
    except PackageNotFoundError:
        raise InputError(f"{what} needs {package}, which is not installed; {install}.") from None
    if not _parts(least) <= _parts(found) < _parts(below):
        raise InputError(f"{what} needs {package} from {least} to below {below}, and {found} is installed; {install}.")


def _parts(text: str) -> tuple[int, ...]:
    found = []
    for part in text.split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        found.append(int(digits))
    return tuple(found)
