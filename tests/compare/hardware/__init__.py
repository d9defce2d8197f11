"""Tests of `compare.hardware`."""
