"""JAX compiles in tests without most of XLA's optimizations: compiling takes longer here than whatever is computed."""

import contextlib

__all__ = ["compiled_quickly"]


@contextlib.contextmanager
def compiled_quickly():
    """Compile so, and as before again afterwards."""
    import jax

    before = jax.config.values["jax_disable_most_optimizations"]
    jax.config.update("jax_disable_most_optimizations", True)
    try:
        yield
    finally:
        jax.config.update("jax_disable_most_optimizations", before)
