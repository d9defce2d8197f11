"""The cost of a circuit: `study` says what is counted, `measures` counts it, `files` and `report` read the records."""
