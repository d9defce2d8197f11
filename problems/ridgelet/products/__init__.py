"""Products u.x mod P of nodes and points, compiled: what sampling from p* and computing p* have in common."""
