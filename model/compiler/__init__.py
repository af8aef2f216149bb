"""Plain functions compiled: numba types them and writes LLVM, one at a time; LLVM links and optimises phases.

Nothing here knows the model. `reach` says what a function consists of, `frontend` compiles one (the only file with
private interfaces of numba), `backend` links and loads, `store` keeps, `program` puts these together.
"""

from model.compiler.hints import look_ahead, show_progress

__all__ = ["look_ahead", "show_progress"]
