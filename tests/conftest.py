import hypothesis

hypothesis.settings.register_profile("reproducible", derandomize=True, deadline=None)
hypothesis.settings.load_profile("reproducible")


def pytest_collection_modifyitems(items):
    """Begin with the files that take the longest: at the end one process would be left with them."""
    items.sort(
        key=lambda item: item.path.parent.name not in ("tests", "statistical") and item.path.stem != "test_kill_points"
    )


# Here and not in tests/statistical: the main process of pytest-xdist loads this file alone.
def pytest_terminal_summary(terminalreporter):
    lines = [
        text
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", None) == "call"
        for name, text in report.user_properties
        if name == "measured"
    ]
    if lines:
        terminalreporter.section("measured")
        for line in sorted(lines):
            terminalreporter.line(line)
