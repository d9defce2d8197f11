"""Nodes drawn in parts: `study` says what a part is, `measures` draws it, `files` joins them, `report` reads them."""
