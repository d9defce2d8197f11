"""Benchmarks: `make bench` measures, keeps the records and draws them. Never part of `make test`."""
