"""Tests of the samplers study."""
