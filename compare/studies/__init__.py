"""One file a study: which problems, which methods, which statistics; the same name stands in every column."""
