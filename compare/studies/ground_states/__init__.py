"""The study of ground states: sparse neural quantum states and sparse circuits."""
