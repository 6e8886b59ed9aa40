"""What a benchmark file says."""

import glob
import os


class Benchmark:
    """A benchmark: fields `key: value`, then a text for each tool under its name in brackets."""

    FIELDS = {"name", "mode", "table", "beside", "shows", "runs", "compare", "near", "options",
              "scales"}
    SECTIONS = {"kaizen", "duckdb", "polars", "numbers",
                "kaizen answer", "duckdb answer", "polars answer"}
    COMPARISONS = {"rows", "numbers", "none"}

    def __init__(self, path):
        self.path = path
        fields = {}
        self.sections = {}
        section = None
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                name = line.strip()[1:-1]
                if line.startswith("[") and line.rstrip().endswith("]") and name in self.SECTIONS:
                    section = name
                    self.sections[section] = ""
                elif section:
                    self.sections[section] += line
                elif line.strip() and not line.startswith("#"):
                    key, _, value = line.partition(":")
                    if key not in self.FIELDS:
                        raise SystemExit(f"{path}:{number}: no field {key!r}")
                    fields[key] = value.strip()
        self.name = fields["name"]
        self.mode = fields.get("mode", "process")
        self.table = fields.get("table", "g1")
        self.beside = fields.get("beside")
        self.scales = fields.get("scales", "yes") == "yes"
        self.shows = fields.get("shows", "no") == "yes"
        self.runs = int(fields.get("runs", 5 if self.mode == "process" else 2))
        self.compare = fields.get("compare", "rows")
        self.near = float(fields.get("near", 1e-15))
        self.options = fields.get("options", "--format csv").split()
        missing = {"kaizen", "duckdb", "polars"} - set(self.sections)
        if self.compare == "numbers":
            missing |= {"numbers"} - set(self.sections)
        if missing or self.compare not in self.COMPARISONS or self.mode not in {"process", "memory"}:
            raise SystemExit(f"{path}: {', '.join(sorted(missing)) or self.compare} ?")

    def text(self, section, tables):
        """The text of a section, with `{table}` replaced by the path of each table."""
        text = self.sections[section].strip()
        for name, path in tables.items():
            text = text.replace("{" + name + "}", path)
        return text

    def answer(self, section, tables):
        """What is compared: the section, or the one that sums up a large answer."""
        name = section + " answer"
        return self.text(name if name in self.sections else section, tables)

    @staticmethod
    def all(folder):
        return [Benchmark(path) for path in sorted(glob.glob(os.path.join(folder, "*.bench")))]
