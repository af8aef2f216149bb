"""What a log may ask of the machine: how far it may unpack, and how much memory its table may take."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from gzip import GzipFile
from pathlib import Path
from tempfile import gettempdir
from typing import BinaryIO
from zipfile import ZipInfo

RATIO = 200  # bytes from a packed byte, beyond which a file is a bomb: logs in the wild give 5 to 60
SMALL = 1 << 24  # bytes up to which no ratio matters
MOST_FILES = 1_000  # in a folder or an archive
SHARE = 0.4  # of the memory that is free: a table may take it, and measuring takes as much again

Wrong = Callable[[str], Exception]  # makes the error that names the file


class Unpacked(GzipFile):
    """What a gzip file holds; an error as soon as it is seen to be a bomb."""

    def __init__(self, packed: BinaryIO, wrong: Wrong) -> None:
        super().__init__(fileobj=packed, mode="rb")
        self.packed, self.wrong = packed, wrong

    def read(self, size: int | None = -1) -> bytes:
        return self._checked(super().read(size))

    def read1(self, size: int = -1) -> bytes:
        return self._checked(super().read1(size))

    def _checked(self, piece: bytes) -> bytes:
        if self.tell() > max(SMALL, RATIO * self.packed.tell()):
            raise self.wrong(_bomb(self.tell()))
        return piece


def check_archive(members: Sequence[ZipInfo], wrong: Wrong) -> None:
    """Raise an error where the members of an archive are locked, too many, or more than fits when they are unpacked."""
    if len(members) > MOST_FILES:
        raise wrong(f"contains {len(members):,} files; at most {MOST_FILES:,} are read. Leave out what is no log.")
    if any(each.flag_bits & 1 for each in members):
        raise wrong("is protected with a password. Unpack it, or save it without one.")
    for each in members:
        if each.file_size > max(SMALL, RATIO * each.compress_size):
            raise wrong(_bomb(each.file_size))
    check_disk(sum(each.file_size for each in members), wrong)


def check_disk(size: int, wrong: Wrong) -> None:
    """Raise an error where so many bytes do not fit beside temporary files."""
    free = shutil.disk_usage(gettempdir()).free
    if size > free // 2:
        raise wrong(f"needs {size / 1e9:.1f} GB on the disk of temporary files, which has {free / 1e9:.1f} GB left. "
                    "Unpack it elsewhere, or make room.")  # fmt: skip


def _bomb(size: int) -> str:
    return (f"unpacks to more than {RATIO} times its size ({size / 1e6:,.0f} MB), which no log does. Unpack it by hand "
            "if you trust it.")  # fmt: skip


class Memory:
    """How much memory a log may take; what is free when reading begins, where the system tells."""

    def __init__(self, wrong: Wrong) -> None:
        self.wrong, self.most, self.used = wrong, _free() * SHARE, 0

    def take(self, size: int) -> None:
        """Count bytes; an error where they are more than there is room for."""
        self.used += size
        if self.used > self.most:
            raise self.wrong(
                f"does not fit: the columns needed take more than {self.most / 1e9:.1f} GB, {SHARE:.0%} of the memory "
                "that is free. Export fewer columns or a shorter period, or use a larger machine."
            )


def _free() -> float:
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    except OSError:
        return float("inf")
    return next((float(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable")), float("inf"))
