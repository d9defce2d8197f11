"""Records of benchmarks: several files merged into one, where the newer measurement of a benchmark counts."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from problems.errors import InputError

__all__ = ["Row", "load"]

Row = Mapping[str, Any]


def load(paths: Iterable[Path]) -> dict[str, Any]:
    """Read records and merge them.

    Returns
    -------
    dict
        "sources": each file's header, the oldest first. "rows": for each group, what its benchmarks recorded.

    Raises
    ------
    InputError
        If a file is no record of benchmarks, or a smoke run is to be merged with a measurement.
    """
    records = sorted((_read(path) for path in paths), key=lambda record: record["datetime"])
    if len({record["smoke"] for record in records}) > 1:
        raise InputError("Some of these records are of a smoke run, whose numbers mean nothing; leave them out.")
    newest = {bench["fullname"]: bench for record in records for bench in record["benchmarks"]}
    rows: dict[str, list[Row]] = {}
    for bench in newest.values():
        rows.setdefault(bench["group"], []).append(bench["extra_info"])
    sources = [{key: value for key, value in record.items() if key != "benchmarks"} for record in records]
    return {"sources": sources, "rows": rows}


def _read(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read ({error}); name a records.json that `make bench` wrote.") from None
    if not (isinstance(record, dict) and {"datetime", "benchmarks", "versions", "smoke"} <= record.keys()):
        raise InputError(f"{path} is no record of benchmarks; name a records.json that `make bench` wrote.")
    return record
