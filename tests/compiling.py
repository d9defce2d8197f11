"""In tests JAX compiles without most optimizations, and quimb's loops stay Python.

Compiling takes longer there than whatever is computed.
"""

import contextlib

__all__ = ["compiled_quickly", "import_quimb"]


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


def import_quimb():
    """Import quimb with its loops as Python: Numba would compile them for half a minute, some when it is imported."""
    from numba import config

    before, config.DISABLE_JIT = config.DISABLE_JIT, True
    try:
        import quimb.operator
        import quimb.tensor  # noqa: F401
    finally:
        config.DISABLE_JIT = before
