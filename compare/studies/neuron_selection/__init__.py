"""The study of neuron selection: which neurons of a random network to keep, classically and by quantum search."""
