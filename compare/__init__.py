"""Statistics, studies, records, plots, report and command line. Imports `problems`, `classical` and `quantum`."""
