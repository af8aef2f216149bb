"""One function at a time to LLVM: numba infers its types and writes its code; what it calls stays a name.

The private interfaces of numba that the project uses are in this file alone (`fallback.TRIED` says with which they were
tried; `fallback` does without). A compiled function knows of another only its name, its arguments' types and what it
returns: an edited rule is compiled alone, as long as it returns the same type, and what calls it is linked again.
"""

import contextlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from types import FunctionType
from typing import Any, NamedTuple

import llvmlite.binding as llvm
from llvmlite import ir
from numba.core import cgutils, compiler, config, types
from numba.core.compiler_lock import global_compiler_lock
from numba.core.compiler_machinery import LoweringPass, PassManager, register_pass
from numba.core.funcdesc import PythonFunctionDescriptor
from numba.core.lowering import Lower
from numba.core.registry import cpu_target
from numba.core.typed_passes import IRLegalization, NopythonTypeInference, PreLowerStripPhis
from numba.core.typing import signature
from numba.core.typing.templates import AbstractTemplate
from numba.core.untyped_passes import DeadBranchPrune, FixupArgs, IRProcessing, ReconstructSSA, TranslateByteCode

from model.compiler import look_ahead
from model.compiler.handle import DistrictType, RowType, row_address, row_size
from model.compiler.layout import Layout
from model.compiler.problems import CannotCompile, told
from model.compiler.reach import Reach, digest, symbol
from model.compiler.store import Store

Types = tuple[Any, ...]
Request = tuple[FunctionType, Types]  # a function and the types that it is called with


class Compiled(NamedTuple):
    """A function for some types of arguments: its name, the numba type it returns, its LLVM module, its calls.

    In `bitcode` what it calls is only declared; `calls` says what that is, and in how many places.
    """

    name: str
    returns: Any
    bitcode: bytes
    calls: Mapping[Request, int]


class _Module:
    """Where numba leaves a function's LLVM module, instead of a library that it would optimise and emit."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.text = ""
        self.libraries: dict[int, Any] = {}

    def create_ir_module(self, name: str) -> Any:
        return cpu_target.target_context.codegen()._create_empty_module(name)

    def add_ir_module(self, module: Any) -> None:
        self.text += cgutils.normalize_ir_text(str(module))

    def add_linking_library(self, library: Any) -> None:
        if library.name != "nrt":  # numba's memory management, which every module names and none here uses
            self.libraries[id(library)] = library

    def bitcode(self) -> bytes:
        """Return the module with what numba itself compiled for it, such as `max`, inside."""
        module = llvm.parse_assembly(self.text)
        for library in self.libraries.values():
            module.link_in(llvm.parse_assembly(library.get_llvm_str()))
        for function in module.functions:
            if not function.is_declaration and function.name != self.name:
                function.linkage = "internal"
        return bytes(module.as_bitcode())


@register_pass(mutates_CFG=True, analysis_only=False)
class _ToLLVM(LoweringPass):
    """Write a function's LLVM module under the name that the library carries, and go no further."""

    _name = "whistle_to_llvm"

    def __init__(self) -> None:
        LoweringPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        def name(given: str, *_: Any, **__: Any) -> str:
            return str(state.library.name) + (".environment" if given.startswith(".") else "")

        described = PythonFunctionDescriptor.from_specialized_function(
            state.func_ir, state.typemap, state.return_type, state.calltypes, mangler=name, inline=False,
            noalias=False, abi_tags=(),
        )  # fmt: skip
        with state.targetctx.push_code_library(state.library):
            Lower(state.targetctx, state.library, described, state.func_ir).lower()
        state.cr = state.return_type
        return True


class _FrontEnd(compiler.CompilerBase):
    """Numba's passes that plain arithmetic over records and arrays needs."""

    def __init__(self, typing: Any, target: Any, *arguments: Any) -> None:
        # new declarations were looked for when the front end began
        with _replaced(typing, "refresh", lambda: None), _replaced(target, "refresh", lambda: None):
            super().__init__(typing, target, *arguments)

    def define_pipelines(self) -> list[Any]:
        passes = PassManager("whistle")
        for one in (
            TranslateByteCode, FixupArgs, IRProcessing, DeadBranchPrune, ReconstructSSA, NopythonTypeInference,
            PreLowerStripPhis, IRLegalization, _ToLLVM,
        ):  # fmt: skip
            passes.add_pass(one, one._name)
        passes.finalize()
        return [passes]


class FrontEnd:
    """Functions compiled for the types they are called with, each once, kept in a store.

    `ground` is the digest of what every key contains (layout, tools, compiler); `say` is called with the name of each
    function that is compiled.
    """

    def __init__(self, layout: Layout, reach: Reach, store: Store, ground: bytes, say: Callable[[str], None]) -> None:
        self._reach, self._store, self._ground, self._say = reach, store, ground, say
        self._done: dict[Request, Compiled] = {}
        self._calls: list[Counter[Request]] = []
        self.resolved: dict[Any, Any] = {}
        self._under_way: list[Request] = []
        kind = DistrictType(layout)
        self.argument_types = kind, types.int64
        self._types = {str(one): one for one in _keepable(kind)}
        for named in reach.stand_ins:
            _declare(named)

    def of(self, function: FunctionType, arguments: Types) -> Compiled:
        """Return a function compiled for these types; from the store where what it consists of is unchanged."""
        request = (function, arguments)
        if request not in self._done:
            if request in self._under_way:
                raise TypeError("it calls itself")
            self._under_way.append(request)
            self._done[request] = self._kept(*request) or self._compile(*request)
            self._under_way.pop()
        return self._done[request]

    def meant_by(self, named: FunctionType) -> FunctionType:
        """Return what is compiled where a function is named."""
        return self._reach.stand_ins.get(named, named)

    def note_call(self, function: FunctionType, arguments: Types) -> Compiled:
        """Return a function that the one being lowered calls."""
        self._calls[-1][function, arguments] += 1
        return self.of(function, arguments)

    def _entry(self, function: FunctionType, arguments: Types) -> str:
        own = self._reach.of(function).own
        return digest(self._ground, own, symbol(function), _spelled(arguments)).hex()

    def _kept(self, function: FunctionType, arguments: Types) -> Compiled | None:
        found = self._store.get("functions", self._entry(function, arguments))
        if found is None:
            return None
        head, _, bitcode = found.partition(b"\n")
        facts = json.loads(head)
        callees = self._reach.of(function).callees
        calls = {}
        for name, spelled, returns, places in facts["calls"]:
            call = callees[name], tuple(self._types[one] for one in spelled)
            if str(self.of(*call).returns) != returns:
                return None  # what it calls returns another type now
            calls[call] = places
        return Compiled(facts["name"], self._types[facts["returns"]], bitcode, calls)

    def _compile(self, function: FunctionType, arguments: Types) -> Compiled:
        name = f"{symbol(function)}:{digest(_spelled(arguments)).hex()[:8]}"
        for callee in self._reach.of(function).callees.values():
            _declare(callee)
        self._say(symbol(function))
        self._calls.append(Counter())
        try:
            with _in_use(self):
                returns, bitcode = _lowered(function, arguments, name)
        except (CannotCompile, Warning):
            raise  # of a function that this one calls; that nothing is kept
        except Exception as error:  # numba's own, and what escapes it, such as a TypeError
            raise CannotCompile(told(function, error)) from None
        done = Compiled(name, returns, bitcode, self._calls.pop())
        self._keep(function, arguments, done)
        return done

    def _keep(self, function: FunctionType, arguments: Types, done: Compiled) -> None:
        calls = [
            (symbol(callee), _spelled(given), str(self.of(callee, given).returns), places)
            for (callee, given), places in done.calls.items()
        ]
        kinds = {str(done.returns)}.union(*((*given, returns) for _, given, returns, _ in calls))
        if kinds <= self._types.keys():
            head = json.dumps({"name": done.name, "returns": str(done.returns), "calls": calls})
            self._store.put("functions", self._entry(function, arguments), head.encode() + b"\n" + done.bitcode)


def _spelled(kinds: Iterable[Any]) -> list[str]:
    return [str(kind) for kind in kinds]


_LONGEST_TUPLE = 8  # numbers of a tuple that a kept function may return


def _keepable(kind: DistrictType) -> list[Any]:
    """Return the types that a kept function may take and return."""
    plain = (types.none, types.boolean, types.int8, types.int16, types.int32, types.int64, types.uint64, types.float64)
    tuples = [types.UniTuple(types.float64, count) for count in range(1, _LONGEST_TUPLE + 1)]
    found = [kind, kind.now, *kind.tables.values(), *(table.dtype for table in kind.tables.values())]
    rows = [one for one in found if isinstance(one, RowType)]
    inner = [column for row in rows for column, _ in row.columns.values()]
    return [*plain, *tuples, *found, *inner]


_CURRENT: list[FrontEnd] = []  # the front end that is compiling: numba knows a function once, whoever asks for it


@contextlib.contextmanager
def _in_use(front: FrontEnd) -> Iterator[None]:
    """Compile for this front end, and let numba remember what it finds out again and again.

    Otherwise it looks for new declarations before each function, tries the same operators on the same types over and
    over, and colours errors that are never shown.
    """
    if _CURRENT:
        yield
        return
    typing, target = cpu_target.typing_context, cpu_target.target_context
    target.refresh()
    found = front.resolved

    def resolve(function: Any, args: Types, kws: dict[str, Any]) -> Any:
        key = (function, tuple(args))
        if kws or key not in found:
            answer = type(typing).resolve_function_type(typing, function, args, kws)
            if kws or answer is None:
                return answer
            found[key] = answer
        return found[key]

    colours, config.COLOR_SCHEME = config.COLOR_SCHEME, "no_color"
    _CURRENT.append(front)
    try:
        with global_compiler_lock, _replaced(typing, "resolve_function_type", resolve):
            yield
    finally:
        _CURRENT.pop()
        config.COLOR_SCHEME = colours


@contextlib.contextmanager
def _replaced(owner: Any, name: str, function: Callable[..., Any]) -> Iterator[None]:
    """Give an object another method for a while."""
    vars(owner)[name] = function
    try:
        yield
    finally:
        del vars(owner)[name]


def _lowered(function: FunctionType, arguments: Types, name: str) -> tuple[Any, bytes]:
    """Return what a function returns, and its LLVM module as bitcode."""
    flags = compiler.Flags()
    flags.error_model = "numpy"  # whole numbers divided by zero give zero, and nothing is raised
    module = _Module(name)
    context = cpu_target.typing_context, cpu_target.target_context
    returns = compiler.compile_extra(*context, function, arguments, None, flags, {}, module, pipeline_class=_FrontEnd)
    return returns, module.bitcode()


def _widened(kind: Any) -> Any:
    """Return the type that a function is compiled for: whole numbers have 64 bits, so that one version serves all."""
    kind = types.unliteral(kind)
    if isinstance(kind, types.IntEnumMember):
        kind = kind.dtype
    if isinstance(kind, types.Integer):
        return types.uint64 if kind == types.uint64 else types.int64
    return types.float64 if isinstance(kind, types.Float) else kind


@cache
def _declare(named: FunctionType) -> None:
    """Let numba know a function: typed when it is called, and lowered to a call of what it means there and then."""

    class Call(AbstractTemplate):
        key = named

        def generic(self, args: Types, kws: dict[str, Any]) -> Any:
            given = tuple(_widened(one) for one in args)
            if kws:
                raise TypeError(f"it passes arguments to {symbol(named)} by keyword; pass them by position")
            if named is look_ahead:
                return signature(types.none, args[0], types.int64)
            front = _CURRENT[-1]
            return signature(front.of(front.meant_by(named), given).returns, *given)

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        if named is look_ahead:
            return _fetch(context, builder, sig, args)
        kind = context.call_conv.get_function_type(sig.return_type, sig.args)
        front = _CURRENT[-1]
        name = front.note_call(front.meant_by(named), sig.args).name
        callee = cgutils.get_or_insert_function(builder.module, kind, name)
        return context.call_conv.call_function(builder, callee, sig.return_type, sig.args, args)[1]

    cpu_target.typing_context.insert_global(named, types.Function(Call))
    cpu_target.target_context.insert_func_defn([(emit, named, (types.VarArg(types.Any),))])


_LINE = 64  # bytes that a processor fetches at once


def _fetch(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """Emit the prefetch of every line of a row; of the first one where there is no such row, which spares a branch."""
    table, row = sig.args[0], args[1]
    byte, word = ir.IntType(8).as_pointer(), ir.IntType(32)
    kind = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
    prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
    there = builder.select(builder.icmp_signed(">=", row, row.type(0)), row, row.type(0))
    first = builder.bitcast(row_address(context, builder, table, args[0], there, trusted=True), byte)
    for offset in range(0, row_size(context, table), _LINE):
        builder.call(prefetch, [builder.gep(first, [word(offset)]), word(0), word(3), word(1)])
    return context.get_dummy_value()
