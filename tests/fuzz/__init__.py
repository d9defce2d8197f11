"""Files of finished runs, changed in every way there is: what reads them says so in one line, or shows the same."""
