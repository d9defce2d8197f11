"""Values as JSON has them: dataclasses and NumPy values as plain data, arrays inline or set aside for a file."""

import dataclasses
import hashlib
import io
import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NoReturn

import msgspec
import numpy as np

from problems.written import DIGITS

__all__ = [
    "INLINE",
    "Array",
    "Moment",
    "canonical",
    "content_hash",
    "from_inline",
    "from_npy",
    "npy_bytes",
    "plain",
    "read_json",
]

Array = np.ndarray
"""The type of a result's field that is an array: numbers or booleans, of any shape."""

Moment = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+00:00$")]
"""A moment, ISO 8601 in UTC."""

INLINE = 1000
"""Arrays of up to so many numbers stand in the record; larger ones are files."""

SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
"""Numbers that JSON does not have, as an array's values are written."""

HALVES = re.compile(rb"\\u[dD][89a-fA-F]")
"""How halves of characters are written: two make one, and one alone is no text."""


def plain(value: Any, aside: dict[str, Any] | None = None, name: str = "") -> Any:
    """Turn a value into what JSON has; a number that is not finite becomes None.

    Parameters
    ----------
    value
        Dataclasses, mappings, sequences, NumPy values, paths and what JSON has itself.
    aside
        Where arrays of more than `INLINE` numbers (and complex ones) are put, by their name; smaller arrays are
        written as an object with dtype, shape and values. None writes every array as a list.
    name
        The value's own name: fields are joined by dots.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item, aside, f"{name}.{key}" if name else str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple | range):
        return [plain(item, aside, f"{name}.{number}") for number, item in enumerate(value)]
    if isinstance(value, np.ndarray):
        return plain(value.tolist()) if aside is None else _array(value, aside, name)
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return str(value) if isinstance(value, Path) else value


def _array(value: np.ndarray, aside: dict[str, Any], name: str) -> dict[str, Any]:
    if value.dtype.kind not in "biufc":
        raise TypeError(f"{name} is an array of {value.dtype}; records hold arrays of numbers and booleans.")
    described = {"dtype": value.dtype.str, "shape": list(value.shape)}
    if value.size > INLINE or value.dtype.kind == "c":
        aside[name] = value
        return described | {"file": name}
    values = value.ravel().tolist()
    if value.dtype.kind == "f":
        values = [one if math.isfinite(one) else str(one) for one in values]
    return described | {"values": values}


def from_inline(described: Mapping[str, Any]) -> np.ndarray:
    """Return the array that an object with dtype, shape and values stands for.

    Raises
    ------
    ValueError, TypeError, LookupError
        If it is none.
    """
    values = [SPECIAL[one] if isinstance(one, str) else one for one in described["values"]]
    if type(described["dtype"]) is not str or np.dtype(described["dtype"]).kind not in "biuf":
        raise TypeError(f"arrays of {described['dtype']} do not stand inline")
    return np.array(values, dtype=described["dtype"]).reshape(_shape(described))


def _shape(described: Mapping[str, Any]) -> tuple[int, ...]:
    shape = described["shape"]
    if not isinstance(shape, list) or not all(type(one) is int and one >= 0 for one in shape):
        raise ValueError(f"{shape!r:.80} is no shape")
    return tuple(shape)


def from_npy(content: bytes, described: Mapping[str, Any]) -> np.ndarray:
    """Return the array of an .npy file, which an object with dtype and shape describes.

    Raises
    ------
    ValueError
        If it holds something else.
    """
    file = io.BytesIO(content)
    # The header first: memory is taken for what is there, and not for what a header says.
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError("it is an array of another format")
    shape, by_column, dtype = np.lib.format.read_array_header_1_0(file)
    if (list(shape), dtype.str) != (described["shape"], described["dtype"]) or by_column or dtype.hasobject:
        raise ValueError(f"it is an array of shape {shape} and type {dtype}, and its record says another")
    if len(content) - file.tell() != dtype.itemsize * math.prod(shape):
        raise ValueError("it is cut off, or longer than its shape says")
    return np.frombuffer(content, dtype, offset=file.tell()).reshape(shape).copy()


def npy_bytes(array: np.ndarray) -> bytes:
    """Return an array as the bytes of an .npy file."""
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
    return buffer.getvalue()


def read_json(text: str | bytes) -> Any:
    """Return what JSON says, if its numbers are such as records have.

    Raises
    ------
    ValueError
        If it is none, or nested too deeply, or holds half a character or a number that is not finite or too long; the
        message says it.
    """
    try:
        found = json.loads(text, parse_constant=_refuse, parse_float=_finite, parse_int=_whole)
        if HALVES.search(text.encode(errors="surrogatepass") if isinstance(text, str) else text):
            json.dumps(found, ensure_ascii=False).encode()
        return found
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"no JSON: {error.msg} at column {error.colno}") from None
    except UnicodeError:
        raise ValueError("no JSON: bytes that are no text") from None


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"it holds {name:.20}, which is no number of a record")


def _finite(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _refuse(text)


def _whole(text: str) -> int:
    return int(text) if len(text.lstrip("-")) <= DIGITS else _refuse(text)


def canonical(value: Any) -> str:
    """Return plain data as JSON with sorted keys and no spaces: the same data give the same text everywhere."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def content_hash(content: str | bytes, digits: int = 16) -> str:
    """Return the first hexadecimal digits of the SHA-256 of a text or of bytes; 16 tell millions apart."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()[:digits]
