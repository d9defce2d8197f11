"""Quantum circuits, loaders and backends. Imports `problems` only; never meets `classical`."""
