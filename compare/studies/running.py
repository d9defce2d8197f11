"""How any study runs: settings checked, a folder begun or continued, results, a report."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from compare.terminal import console, run_path, show

# Studies import Qiskit and scikit-learn; they are imported here when one runs, so that help and refusals come at once.

__all__ = ["run_study"]


def run_study(kind: str, settings: Any, out: Path | None = None, **options: Any) -> Path:
    """Run a study, or what of it has no record yet, and write its report.

    Parameters
    ----------
    kind
        A name in `compare.studies.OLD_STUDIES`.
    settings
        The study's settings.
    out
        The run's folder; runs/<command>-<hash of the settings> if None.
    options
        What does not change results, such as ``workers``.

    Returns
    -------
    Path
        The run's folder.

    Raises
    ------
    InputError
        If a setting is refused, before the folder is made; or if the folder holds something else.
    """
    from compare.progress import progress_bars
    from compare.records import RunFolder
    from compare.studies import OLD_STUDIES as STUDIES

    study, plain = STUDIES[kind], asdict(settings)
    path = run_path(study.command, plain, out)
    begun = (path / "run.json").exists()
    with console.status("Checking the settings"):
        planned = study.plan(settings)
        if not begun:
            study.check(planned)
    folder = RunFolder(path, kind, plain)
    if begun:
        known = f"This run was begun {folder.run['started']} in {folder.path}"
        afresh = "with --out another folder they all run"
        console.print(f"{known}; its finished steps are read, not run again ({afresh}).", soft_wrap=True, markup=False)
    with progress_bars(console) as track:
        results = study.run(planned, folder, track, **options)
    show(study.report(results), folder.path)
    return folder.path
