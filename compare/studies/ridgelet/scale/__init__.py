"""The experiment `scale`: seconds a sample over dimension, prime and number of points, a task for each time."""
