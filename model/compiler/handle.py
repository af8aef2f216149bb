"""A district to numba: an address; what a function names of it is loaded from there.

The columns of the district's own row can be read and written, its tables are arrays, a table of one row is that row.
Addresses and sizes do not change during a call, which LLVM is told (`invariant.load`).
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import from_dtype
from numba.core import cgutils, types
from numba.core.imputils import lower_getattr_generic, lower_setattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import models, register_model
from numba.np.arrayobj import make_array, populate_array

from model.compiler.layout import WORDS, Layout

__all__ = ["DistrictType"]


class DistrictType(types.Type):  # type: ignore[misc]  # numba publishes no types
    """The type of a district's address.

    Parameters
    ----------
    layout : Layout
    """

    def __init__(self, layout: Layout) -> None:
        self.now = from_dtype(layout.now)
        self.tables = {
            name: types.Array(from_dtype(dtype), ndim, "C") for name, (dtype, ndim) in layout.tables.items()
        }
        self.one_row = layout.one_row
        self.order = {name: at for at, name in enumerate(layout.tables, 1)}
        super().__init__(name="District")

    def read(self, name: str) -> Any:
        """Return the type of an attribute, or None."""
        if name in self.tables:
            return self.tables[name].dtype if name in self.one_row else self.tables[name]
        return self.now.typeof(name) if name in self.now.fields else None


register_model(DistrictType)(models.OpaqueModel)


@infer_getattr
class _Attributes(AttributeTemplate):  # type: ignore[misc]  # numba publishes no types
    key = DistrictType

    def generic_resolve(self, district: DistrictType, name: str) -> Any:
        """Return the type of an attribute, read or written."""
        return district.read(name)


def _word(builder: Any, district: Any, at: int) -> Any:
    """Load a word of the block, which nothing changes during a call."""
    word = ir.IntType(64)
    base = builder.bitcast(district, word.as_pointer())
    loaded = builder.load(builder.gep(base, [ir.Constant(word, at)]))
    loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return loaded


def _now(context: Any, builder: Any, kind: DistrictType, district: Any) -> Any:
    return builder.inttoptr(_word(builder, district, 0), context.get_value_type(kind.now))


@lower_getattr_generic(DistrictType)
def _get(context: Any, builder: Any, kind: DistrictType, district: Any, name: str) -> Any:
    if name not in kind.tables:
        load = context.get_getattr(kind.now, name)
        return load(context, builder, kind.now, _now(context, builder, kind, district), name)
    table, at = kind.tables[name], kind.order[name] * WORDS
    address = _word(builder, district, at)
    if name in kind.one_row:
        return builder.inttoptr(address, context.get_value_type(table.dtype))
    return _array(context, builder, table, address, [_word(builder, district, at + 1 + d) for d in range(table.ndim)])


def _array(context: Any, builder: Any, table: Any, address: Any, shape: list[Any]) -> Any:
    """Return a view of the table at an address, its rows one after the other."""
    array = make_array(table)(context, builder)
    size = ir.Constant(ir.IntType(64), context.get_abi_sizeof(context.get_data_type(table.dtype)))
    strides = [size]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    populate_array(
        array, data=builder.inttoptr(address, array.data.type), shape=cgutils.pack_array(builder, shape),
        strides=cgutils.pack_array(builder, strides), itemsize=size, meminfo=None,
    )  # fmt: skip
    return array._getvalue()


@lower_setattr_generic(DistrictType)
def _set(context: Any, builder: Any, signature: Any, arguments: Any, name: str) -> Any:
    kind, given = signature.args
    store = context.get_setattr(name, signature.replace(args=(kind.now, given)))
    return store(builder, (_now(context, builder, kind, arguments[0]), arguments[1]))
