"""Snapshots of devices as settings of studies: by name, and none is made before it is used."""

from collections.abc import Mapping
from typing import Annotated, Any

from compare.engine import Names
from quantum.names import snapshot_names

__all__ = ["DeviceSetting", "snapshots"]


def snapshots() -> Mapping[str, Any]:
    """Return the names of the snapshots as a table."""
    return dict.fromkeys(snapshot_names())


DeviceSetting = Annotated[str, Names(snapshots, "snapshot of a device: fake_fez, ...", "device")]
