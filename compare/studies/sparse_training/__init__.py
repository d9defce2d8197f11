"""The study of sparse training: gradient descent as one linear system, by circuits and without."""
