"""What a worker process may not do, whatever a query finds to ask for: grow, and reach anything outside.

Imported by worker processes: nothing but the standard library.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import resource
import socket
import struct
import sys
from pathlib import Path
from typing import Final

_OPENED_AT_ONCE: Final = 16
"""So many tables of a store RocksDB opens with it; others when it needs them."""

# Linux: seccomp(2), and the classic BPF that its filters are written in.
_SET_NO_NEW_PRIVILEGES: Final = 38
_SET_SECCOMP: Final = 22
_FILTER: Final = 2
_LOAD: Final = 0x20
_IF_EQUAL: Final = 0x15
_IF_AT_LEAST: Final = 0x35
_RETURN: Final = 0x06
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | errno.EACCES
_NUMBER_AT: Final = 0
_ARCHITECTURE_AT: Final = 4
_OTHER_ABI: Final = 0x40000000  # x32 on x86-64: the same system calls by other numbers
_SOCKET: Final = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198), "riscv64": (0xC00000F3, 198)}
"""By machine: the architecture as filters see it, and the number of the system call `socket`."""


_INSTRUCTION: Final = struct.Struct("HBBI")


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def limit_memory(size: int) -> None:
    """Cap the memory and leave no core files.

    macOS accepts no RLIMIT_AS below what is mapped already: there the cap does not hold, and the deadline bounds memory.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def forbid_sockets() -> None:
    """Have the kernel refuse new sockets of any kind to this thread and all that it starts; where it can't, do nothing.

    What is open already stays as it is, and files can be opened. It makes each system call a little dearer, for both ends of a
    socket, so it is for those only for whom `forbid_files` is too much.
    """
    known = _SOCKET.get(os.uname().machine)
    if sys.platform != "linux" or known is None or sys.maxsize < 2**32:
        return
    architecture, number = known
    code = (
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_IF_EQUAL, 0, 4, architecture),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_IF_AT_LEAST, 2, 0, _OTHER_ABI),
        (_IF_EQUAL, 1, 0, number),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    )
    program = _Program(len(code), b"".join(_INSTRUCTION.pack(*instruction) for instruction in code))
    kernel = ctypes.CDLL(None)
    kernel.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    kernel.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)


def needs_files(store: Path | None) -> bool:
    """Tell whether RocksDB may still have to open tables of a store once it is open; None stands for one in memory."""
    return store is not None and sum(1 for _ in store.glob("*.sst")) > _OPENED_AT_ONCE


def forbid_files() -> None:
    """Let the process open nothing more, neither file nor socket."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def can_reach_out() -> bool:
    """Tell whether the process can still open a socket."""
    try:
        socket.socket().close()
    except OSError:
        return False
    return True
