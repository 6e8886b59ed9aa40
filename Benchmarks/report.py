"""The table of results."""

import math
import os
import platform
import statistics
import subprocess


TITLES = {
    "process": "Whole processes, files in the page cache",
    "memory": "Tables in memory",
}


def milliseconds(seconds):
    value = seconds * 1000
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def times(turns):
    return [seconds for turn in turns for seconds in turn.times]


def measured(turns, with_memory):
    seconds = times(turns)
    low, high = milliseconds(min(seconds)), milliseconds(max(seconds))
    text = f"**{milliseconds(statistics.median(seconds))}** {low}–{high}"
    return text + (f" · {max(turn.megabytes for turn in turns):,.0f} MB" if with_memory else "")


def ratio(turns, tools):
    """Kaizen's median over the median of the fastest peer; None where one is missing."""
    medians = {tool: statistics.median(times(turns[tool])) for tool in tools if turns[tool]}
    peers = [medians[tool] for tool in tools[1:] if tool in medians]
    return medians[tools[0]] / min(peers) if tools[0] in medians and peers else None


def line(benchmark, turns, problems, tools):
    """One benchmark in one line, for those who wait."""
    medians = [
        f"{tool} {milliseconds(statistics.median(times(turns[tool])))}"
        for tool in tools if turns[tool]]
    value = ratio(turns, tools)
    parts = medians + ([f"ratio {value:.2f}"] if value else [])
    return " · ".join(parts + [f"{tool}: {said}" for tool, said in problems.items()])


def processor():
    try:
        with open("/proc/cpuinfo") as file:
            return next(line.split(":")[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def markdown(results, asked, tools, rows, program, requirements):
    """The whole page; `asked` is how many benchmarks there are to be in the end."""
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip()
    with open(requirements) as file:
        peers = ", ".join(line.replace("==", " ") for line in file.read().split())
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    lines = [
        "# Results",
        "",
        f"Tables of {rows:.0e} rows".replace("e+0", "e") + f"; {os.cpu_count()} × {processor()}, "
        f"{pages:.0f} GiB. Kaizen {version.removeprefix('kaizen ')}; {peers}.",
        "The tools take turns: **median** and range in milliseconds, and of whole processes the peak "
        "memory. Queries on the same tables in memory share a process. Only "
        "the ratio, Kaizen over the faster peer of the same run, means something on another machine; "
        "below 1 Kaizen is faster.",
    ]
    if len(results) < asked:
        lines += ["", f"The run ended after {len(results)} of {asked} benchmarks."]
    notes = []
    for mode, title in TITLES.items():
        chosen = [result for result in results if result[0].mode == mode]
        if chosen:
            lines += ["", f"## {title}", ""] + table(chosen, tools, notes)
    if notes:
        lines += ["", "## What went wrong", ""] + notes
    return "\n".join(lines) + "\n"


def table(results, tools, notes):
    """The rows of one kind of benchmark; what is wrong is added to `notes`."""
    lines = [
        "| | " + " | ".join(tools) + " | ratio |",
        "|---|" + "---|" * len(tools) + "---|",
    ]
    ratios = []
    for benchmark, turns, problems in results:
        cells = []
        for tool in tools:
            if not turns[tool]:
                cells.append("failed")
            else:
                cells.append(measured(turns[tool], benchmark.mode == "process") + (" (wrong)" if tool in problems else ""))
        value = None if tools[0] in problems else ratio(turns, tools)
        if value:
            ratios.append(value)
        cells.append(f"{value:.2f}" if value else "")
        lines.append(f"| {benchmark.name} | " + " | ".join(cells) + " |")
        notes += [f"- {benchmark.name}, {tool}: {said}" for tool, said in problems.items()]
    if ratios:
        mean = math.exp(statistics.fmean(map(math.log, ratios)))
        lines += ["", f"Geometric mean of {len(ratios)} ratios: {mean:.2f}."]
    return lines
