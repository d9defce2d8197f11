"""The study of kernel training: where inverting a wide network's kernel pays, and what a quantum computer takes."""
