"""Compiled code loads wherever the system puts its parts, as in processes that hold much memory for others."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCATTERED = """
import ctypes, sys
import llvmlite.binding as llvm
from model import load_scenario, simulate

linker = llvm.create_lljit_compiler
llvm.create_lljit_compiler = lambda machine, **options: linker(machine, **(options if sys.argv[1] == "ours" else {}))
scenario = load_scenario("flattened", district="tiny", overrides={"run.window_days": 10, "run.warm_up_days": 0})
system = ctypes.CDLL(None)
system.mmap.restype = ctypes.c_void_p
system.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
system.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
for kilobytes in (16384, 4096, 1024, 256, 128, 64):  # no room is left between what is loaded, but for small parts
    for _ in range(200):
        system.mmap(None, kilobytes << 10, 0, 0x4022, -1, 0)
for kilobytes in (4, 8, 16, 32) * 20:  # four gigabytes that nobody may use, with a hole in their middle
    start = system.mmap(None, 4 << 30, 0, 0x4022, -1, 0)
    system.munmap(start + (2 << 30), kilobytes << 10)
print(simulate(scenario, seed=1).outcomes["closure_rate"])
"""


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is laid out with calls of Linux")

TRIES = 10  # of six processes linked otherwise five ended so: where the system puts things differs from one to the next


def _run(linked: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", SCATTERED, linked], capture_output=True, text=True, check=False)


def test_parts_of_the_program_may_lie_gigabytes_apart() -> None:
    done = _run("ours")
    assert done.returncode == 0 and float(done.stdout) > 0.0, done.stderr[-2000:]


def test_linked_in_the_usual_way_the_program_would_end_there() -> None:
    assert any("isInt<32>" in _run("otherwise").stderr for _ in range(TRIES))
