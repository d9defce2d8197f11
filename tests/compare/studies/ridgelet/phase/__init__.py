"""Tests of the phase study."""
