"""What a program takes: its process and those that it started, together."""

from __future__ import annotations

import contextlib

import psutil


def cpu(process: psutil.Process) -> float:
    """CPU seconds so far, of children that ended too."""
    times = process.cpu_times()
    ended = times.children_user + times.children_system
    return sum((own_cpu(child) for child in process.children(recursive=True)), own_cpu(process) + ended)


def own_cpu(process: psutil.Process) -> float:
    """CPU seconds so far of a process alone; none where it ended."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def memory(process: psutil.Process) -> float:
    """MiB that are held; what processes share counts once."""
    held = 0
    for one in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            held += one.memory_full_info().pss
    return held / 2**20
