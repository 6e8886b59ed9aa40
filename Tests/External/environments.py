"""Environments of Python for the tools, each with pinned packages, and work on several of them at once."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PINS = Path(__file__).resolve().parent / "targets"


def plain():
    """The environment, without what would change how a tool starts: what it imports is compiled once."""
    unwanted = (
        "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if name not in unwanted}


def install(place, name):
    """Installs into `place` what `targets/NAME.txt` pins, if it has not been."""
    pins = (PINS / f"{name}.txt").read_text()
    stamp = f"{sys.version}\n{pins}"
    done = place / "installed.txt"
    if done.exists() and done.read_text() == stamp:
        return
    shutil.rmtree(place, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    pip = [place / "bin/python", "-m", "pip", "--disable-pip-version-check"]
    # All packages are pinned, so there is nothing to resolve; what is never run is not compiled.
    subprocess.run(
        [*pip, "install", "--quiet", "--no-deps", "--no-compile", "-r", PINS / f"{name}.txt"],
        check=True)
    subprocess.run([*pip, "check"], check=True, stdout=subprocess.DEVNULL)
    done.write_text(stamp)


def version(name):
    """The tool with its version, as it is pinned."""
    return (PINS / f"{name}.txt").read_text().split()[0]


def megabytes(place):
    return sum(file.lstat().st_size for file in place.rglob("*")) // 1_000_000


def each(script, names, words, jobs, python=sys.executable):
    """Runs `script` in a process of its own for each name, some at once, and says what each said; the
    names of those that failed."""

    def run(name):
        return subprocess.run(
            [python, script, *words, "--alone", name], stdin=subprocess.DEVNULL, env=plain(),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")

    failed = []
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        for name, result in zip(names, pool.map(run, names)):
            print(result.stdout, end="", flush=True)
            if result.returncode != 0:
                failed.append(name)
    print(" · ".join([f"{len(names) - len(failed)} passed, {len(failed)} failed", *failed]))
    return failed


def cores():
    return len(os.sched_getaffinity(0))
