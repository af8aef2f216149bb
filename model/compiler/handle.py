"""A district to numba: an address; what a function names of it is loaded from there.

The columns of the district's own row can be read and written; a table is its address and its sizes, and a row of it an
address again. Addresses and sizes do not change during a call, which LLVM is told (`invariant.load`). An index counts
from the first row only: numba's arrays take negative ones too, which cost an instruction in four where rows are linked.
"""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir
from numba import from_dtype
from numba.core import cgutils, types
from numba.core.imputils import lower_builtin, lower_getattr_generic, lower_setattr_generic
from numba.core.typing import signature
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_getattr, infer_global
from numba.extending import models, register_model

from model.compiler.layout import WORDS, Layout

__all__ = ["DistrictType", "TableType", "row_address"]


class TableType(types.Type):  # type: ignore[misc]  # numba publishes no types
    """The type of a table: a number of rows, or of numbers in up to three dimensions.

    Parameters
    ----------
    name : str
    dtype : numba type
        Of a row or a number.
    ndim : int
    """

    def __init__(self, name: str, dtype: Any, ndim: int) -> None:
        self.dtype, self.ndim = dtype, ndim
        super().__init__(name=f"Table {name}")


class DistrictType(types.Type):  # type: ignore[misc]  # numba publishes no types
    """The type of a district's address.

    Parameters
    ----------
    layout : Layout
    """

    def __init__(self, layout: Layout) -> None:
        self.now = from_dtype(layout.now)
        self.tables = {name: TableType(name, from_dtype(dtype), ndim) for name, (dtype, ndim) in layout.tables.items()}
        self.one_row = layout.one_row
        self.order = {name: at for at, name in enumerate(layout.tables, 1)}
        super().__init__(name="District")

    def read(self, name: str) -> Any:
        """Return the type of an attribute, or None."""
        if name in self.tables:
            return self.tables[name].dtype if name in self.one_row else self.tables[name]
        return self.now.typeof(name) if name in self.now.fields else None


register_model(DistrictType)(models.OpaqueModel)


@register_model(TableType)
class _TableModel(models.StructModel):  # type: ignore[misc]  # numba publishes no types
    """Address of the first row, and the sizes."""

    def __init__(self, manager: Any, table: TableType) -> None:
        sizes = [(f"size{d}", types.int64) for d in range(table.ndim)]
        super().__init__(manager, table, [("address", types.uint64), *sizes])


@infer_getattr
class _Attributes(AttributeTemplate):  # type: ignore[misc]  # numba publishes no types
    key = DistrictType

    def generic_resolve(self, district: DistrictType, name: str) -> Any:
        """Return the type of an attribute, read or written."""
        return district.read(name)


@infer_global(operator.getitem)
class _Item(AbstractTemplate):  # type: ignore[misc]  # numba publishes no types
    def generic(self, args: Any, kws: Any) -> Any:
        table, at = args
        if isinstance(table, TableType) and _index(at):
            return signature(table.dtype, table, _index(at))
        return None


@infer_global(operator.setitem)
class _SetItem(AbstractTemplate):  # type: ignore[misc]  # numba publishes no types
    def generic(self, args: Any, kws: Any) -> Any:
        table, at, value = args
        if isinstance(table, TableType) and _index(at):
            return signature(types.none, table, _index(at), table.dtype)
        return None


@infer_global(len)
class _Length(AbstractTemplate):  # type: ignore[misc]  # numba publishes no types
    def generic(self, args: Any, kws: Any) -> Any:
        return signature(types.int64, *args) if isinstance(args[0], TableType) else None


def _index(at: Any) -> Any:
    """Return the type of an index as it is lowered, or None."""
    if isinstance(at, types.BaseTuple):
        return types.UniTuple(types.int64, len(at)) if all(_index(one) == types.int64 for one in at) else None
    return types.int64 if isinstance(types.unliteral(at), types.Integer | types.IntEnumMember) else None


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
    value = cgutils.create_struct_proxy(table)(context, builder)
    value.address = address
    for d in range(table.ndim):
        setattr(value, f"size{d}", _word(builder, district, at + 1 + d))
    return value._getvalue()


@lower_setattr_generic(DistrictType)
def _set(context: Any, builder: Any, sig: Any, args: Any, name: str) -> Any:
    kind, given = sig.args
    store = context.get_setattr(name, sig.replace(args=(kind.now, given)))
    return store(builder, (_now(context, builder, kind, args[0]), args[1]))


def row_address(context: Any, builder: Any, table: TableType, value: Any, at: Any) -> Any:
    """Return the pointer to a row or number of a table; `at` is one index, or an LLVM array of them."""
    view = cgutils.create_struct_proxy(table)(context, builder, value=value)
    indices = cgutils.unpack_tuple(builder, at) if isinstance(at.type, ir.ArrayType) else [at]
    position = indices[0]
    for d, index in enumerate(indices[1:], 1):
        position = builder.add(builder.mul(position, getattr(view, f"size{d}")), index)
    kind = context.get_data_type(table.dtype).as_pointer()
    return builder.gep(builder.inttoptr(view.address, kind), [position])


@lower_builtin(operator.getitem, TableType, types.Any)
def _get_item(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    table = sig.args[0]
    return context.unpack_value(builder, table.dtype, row_address(context, builder, table, *args))


@lower_builtin(operator.setitem, TableType, types.Any, types.Any)
def _set_item(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    table = sig.args[0]
    context.pack_value(builder, table.dtype, args[2], row_address(context, builder, table, *args[:2]))
    return context.get_dummy_value()


@lower_builtin(len, TableType)
def _length(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return cgutils.create_struct_proxy(sig.args[0])(context, builder, value=args[0]).size0
