"""The samplers study: `study` says what tasks there are, `measures` runs them, `report` reads their records."""
