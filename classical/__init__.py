"""Classical samplers and solvers. Imports `problems` only; never meets `quantum`."""
