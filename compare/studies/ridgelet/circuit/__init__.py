"""What a circuit costs: `study` says what is counted, `measures` counts it, `files` and `report` read the records."""
