"""The report."""

from compare.report import Card, Report


def report(runs, settings):
    return Report("x", Card(None, ["x"]), [])
