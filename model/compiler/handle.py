"""A district to numba: an address; what a function names of it is loaded from there.

The columns of the district's own row can be read and written; a table is its address and its sizes, and a row of it an
address again. Addresses and sizes do not change during a call, which LLVM is told (`invariant.load`). An index counts
from the first row only: numba's arrays take negative ones too, which costs some instructions at every link.
"""

import operator
from typing import Any

import numpy as np
from llvmlite import ir
from numba import from_dtype
from numba.core import cgutils, types
from numba.core.imputils import lower_builtin, lower_getattr_generic, lower_setattr_generic
from numba.core.typing import signature
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_getattr, infer_global
from numba.extending import models, register_model

from model.compiler.layout import STRAY, WORDS, Layout, spelled
from model.compiler.reach import digest

_WORD = 8  # bytes of each word of a column that has several


class RowType(types.Type):
    """The type of a row's address, whatever table it is of; nothing changes `constant` columns during a call."""

    def __init__(self, dtype: np.dtype[Any], constant: frozenset[str], checked: bool = False) -> None:
        assert dtype.fields is not None, "a record"
        self.size = dtype.itemsize
        self.constant = constant
        self.columns = {
            column: (_column_type(column, field[0], column in constant, checked), field[1])
            for column, field in dtype.fields.items()
        }
        super().__init__(name=f"Row {digest(spelled(dtype), sorted(constant), checked).hex()[:8]}")

    def read(self, name: str) -> Any:
        """Return the type of a column, or None."""
        return self.columns[name][0] if name in self.columns else None


class TableType(types.Type):
    """The type of a table: rows, or numbers in up to three dimensions; if `constant`, nothing changes it.

    An index beyond a `checked` one is noted (`STRAY`), and the first row stands for it.
    """

    def __init__(self, name: str, dtype: Any, ndim: int, constant: bool, checked: bool) -> None:
        self.dtype, self.ndim, self.constant, self.checked = dtype, ndim, constant, checked
        super().__init__(name=f"Table {name} {dtype} {ndim} {constant} {checked}")


class DistrictType(types.Type):
    """The type of a district's address."""

    def __init__(self, layout: Layout) -> None:
        checked = layout.checked
        self.now = RowType(layout.now, layout.constant, checked)
        self.tables = {
            name: TableType(name, _column_type(name, dtype, constant, checked), ndim, constant, checked)
            for name, (dtype, ndim) in layout.tables.items()
            for constant in [name in layout.constant]
        }
        self.one_row = layout.one_row
        self.order = {name: at for at, name in enumerate(layout.tables, 1)}
        super().__init__(name=f"District {digest(repr(layout)).hex()[:8]}")

    def read(self, name: str) -> Any:
        """Return the type of an attribute, or None."""
        if name in self.tables:
            return self.tables[name].dtype if name in self.one_row else self.tables[name]
        return self.now.read(name)


def _column_type(name: str, dtype: np.dtype[Any], constant: bool, checked: bool) -> Any:
    """Return the type of a column or of a table's cells; several words in a row are a small table."""
    if dtype.subdtype is not None:
        return TableType(name, from_dtype(dtype.base), 1, constant, checked)
    if dtype.fields is not None:
        return RowType(dtype, frozenset(dtype.fields) if constant else frozenset(), checked)
    return from_dtype(dtype)


register_model(DistrictType)(models.OpaqueModel)
register_model(RowType)(models.OpaqueModel)


@register_model(TableType)
class _TableModel(models.StructModel):
    """Address of the first row, and the sizes."""

    def __init__(self, manager: Any, table: TableType) -> None:
        sizes = [(f"size{d}", types.int64) for d in range(table.ndim)]
        super().__init__(manager, table, [("address", types.uint64), *sizes])


@infer_getattr
class _Columns(AttributeTemplate):
    key = RowType

    def generic_resolve(self, row: RowType, name: str) -> Any:
        return row.read(name)


@infer_getattr
class _Attributes(AttributeTemplate):
    key = DistrictType

    def generic_resolve(self, district: DistrictType, name: str) -> Any:
        return district.read(name)


@infer_global(operator.getitem)
class _Item(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        table, at = args
        if isinstance(table, TableType) and _index(at):
            return signature(table.dtype, table, _index(at))
        return None


@infer_global(operator.setitem)
class _SetItem(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        table, at, _ = args
        if isinstance(table, TableType) and _index(at):
            return signature(types.none, table, _index(at), table.dtype)
        return None


@infer_global(len)
class _Length(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        return signature(types.int64, *args) if isinstance(args[0], TableType) else None


def _index(at: Any) -> Any:
    """Return the type of an index as it is lowered, or None."""
    if isinstance(at, types.BaseTuple):
        return types.UniTuple(types.int64, len(at)) if all(_index(one) == types.int64 for one in at) else None
    return types.int64 if isinstance(types.unliteral(at), types.Integer | types.IntEnumMember) else None


def _constant(builder: Any, loaded: Any) -> Any:
    """Tell LLVM that nothing changes during a call what was loaded: it need not be loaded again."""
    loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return loaded


def _told_apart(builder: Any, access: Any, table: Any, column: str = "") -> Any:
    """Tell LLVM that this column of these rows, or this table of numbers, lies where no other does (TBAA)."""
    module = builder.module
    name = ir.MetaDataString(module, f"{table}.{column}")
    root = module.add_metadata([ir.MetaDataString(module, "whistle")])
    kind = module.add_metadata([name, root, ir.Constant(ir.IntType(64), 0)])
    access.set_metadata("tbaa", module.add_metadata([kind, kind, ir.Constant(ir.IntType(64), 0)]))
    return access


def _word(builder: Any, district: Any, at: int) -> Any:
    """Load a word of the block."""
    word = ir.IntType(64)
    base = builder.bitcast(district, word.as_pointer())
    return _constant(builder, builder.load(builder.gep(base, [ir.Constant(word, at)])))


def _pointer(builder: Any, address: Any) -> Any:
    """Return the address of a row as a pointer."""
    return builder.inttoptr(address, ir.IntType(8).as_pointer())


def _place(context: Any, builder: Any, kind: Any, row: Any, offset: int) -> Any:
    """Return the pointer to a column of a row."""
    there = builder.gep(row, [ir.Constant(ir.IntType(64), offset)])
    return builder.bitcast(there, context.get_data_type(kind).as_pointer())


def _table(context: Any, builder: Any, table: TableType, address: Any, sizes: list[Any]) -> Any:
    value = cgutils.create_struct_proxy(table)(context, builder)
    value.address = address
    for d, size in enumerate(sizes):
        setattr(value, f"size{d}", size)
    return value._getvalue()


@lower_getattr_generic(RowType)
def _read_column(context: Any, builder: Any, row: RowType, value: Any, name: str) -> Any:
    kind, offset = row.columns[name]
    if isinstance(kind, RowType):
        return builder.gep(value, [ir.Constant(ir.IntType(64), offset)])
    if isinstance(kind, TableType):
        following = min((other for _, other in row.columns.values() if other > offset), default=row.size)
        words = ir.Constant(ir.IntType(64), (following - offset) // _WORD)
        there = builder.gep(value, [ir.Constant(ir.IntType(64), offset)])
        return _table(context, builder, kind, builder.ptrtoint(there, ir.IntType(64)), [words])
    loaded = _told_apart(builder, builder.load(_place(context, builder, kind, value, offset)), row, name)
    return _constant(builder, loaded) if name in row.constant else loaded


@lower_setattr_generic(RowType)
def _write_column(context: Any, builder: Any, sig: Any, args: Any, name: str) -> Any:
    row = sig.args[0]
    assert name not in row.constant, f"{name} is declared constant"
    kind, offset = row.columns[name]
    _told_apart(builder, builder.store(args[1], _place(context, builder, kind, args[0], offset)), row, name)
    return context.get_dummy_value()


@lower_getattr_generic(DistrictType)
def _get(context: Any, builder: Any, kind: DistrictType, district: Any, name: str) -> Any:
    if name not in kind.tables:
        return _read_column(context, builder, kind.now, _pointer(builder, _word(builder, district, 0)), name)
    table, at = kind.tables[name], kind.order[name] * WORDS
    address = _word(builder, district, at)
    if name in kind.one_row:
        return _pointer(builder, address)
    return _table(context, builder, table, address, [_word(builder, district, at + 1 + d) for d in range(table.ndim)])


@lower_setattr_generic(DistrictType)
def _set(context: Any, builder: Any, sig: Any, args: Any, name: str) -> Any:
    kind, given = sig.args
    now = _pointer(builder, _word(builder, args[0], 0))
    return _write_column(context, builder, sig.replace(args=(kind.now, given)), (now, args[1]), name)


def _within(builder: Any, index: Any, size: Any) -> Any:
    """Return an index that lies in a table: the first where the given one does not, which is noted."""
    beyond = builder.icmp_unsigned(">=", index, size)
    with cgutils.if_unlikely(builder, beyond):
        word, module = ir.IntType(64), builder.module
        noted = module.globals.get(STRAY) or ir.GlobalVariable(module, word, STRAY)
        builder.store(word(1), noted)
    return builder.select(beyond, index.type(0), index)


def row_address(context: Any, builder: Any, table: TableType, value: Any, at: Any, *, trusted: bool = False) -> Any:
    """Return the pointer to a row or number of a table; `at` is one index, or an LLVM array of them.

    A `trusted` index is not looked at, not even in a checked table.
    """
    view = cgutils.create_struct_proxy(table)(context, builder, value=value)
    indices = cgutils.unpack_tuple(builder, at) if isinstance(at.type, ir.ArrayType) else [at]
    if table.checked and not trusted:
        indices = [_within(builder, index, getattr(view, f"size{d}")) for d, index in enumerate(indices)]
    position = indices[0]
    for d, index in enumerate(indices[1:], 1):
        position = builder.add(builder.mul(position, getattr(view, f"size{d}")), index)
    if isinstance(table.dtype, RowType):
        return builder.gep(_pointer(builder, view.address), [builder.mul(position, position.type(table.dtype.size))])
    return builder.gep(builder.inttoptr(view.address, context.get_data_type(table.dtype).as_pointer()), [position])


@lower_builtin(operator.getitem, TableType, types.Any)
def _get_item(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    table = sig.args[0]
    there = row_address(context, builder, table, *args)
    if isinstance(table.dtype, RowType):
        return there
    loaded = _told_apart(builder, builder.load(there), table)
    loaded = _constant(builder, loaded) if table.constant else loaded
    return context.data_model_manager[table.dtype].from_data(builder, loaded)


@lower_builtin(operator.setitem, TableType, types.Any, types.Any)
def _set_item(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    table = sig.args[0]
    assert not table.constant, f"{table} is declared constant"
    there = row_address(context, builder, table, *args[:2])
    if isinstance(table.dtype, RowType):
        cgutils.raw_memcpy(builder, there, args[2], ir.Constant(ir.IntType(64), table.dtype.size), 1)
    else:
        stored = builder.store(context.data_model_manager[table.dtype].as_data(builder, args[2]), there)
        _told_apart(builder, stored, table)
    return context.get_dummy_value()


@lower_builtin(len, TableType)
def _length(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return cgutils.create_struct_proxy(sig.args[0])(context, builder, value=args[0]).size0


def row_size(context: Any, table: TableType) -> int:
    """Return the bytes of a row."""
    if isinstance(table.dtype, RowType):
        return table.dtype.size
    return int(context.get_abi_sizeof(context.get_data_type(table.dtype)))
