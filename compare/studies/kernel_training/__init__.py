"""What inverting the tangent kernel of a wide network quantum mechanically buys over classical solvers."""
