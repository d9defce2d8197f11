"""Runs on quantum devices: submitted now, fetched later, by any process and from any machine that has their folder."""
