"""The study of single tickets: `study` says what a task is, `measures` runs it, `report` reads the records."""
