#!/usr/bin/env python3
"""Holds what Kaizen writes for other programs against those programs.

    jupyter    .ipynb: nbformat's validator, papermill's inspection and parameters
    schema     pipeline.yaml: docs/pipeline.schema.json by check-jsonschema
    lineage    openlineage.ndjson: the classes of openlineage-python
    mlflow     runs push: a real MLflow server

    check.py KAIZEN [--tools FOLDER] [--jobs N] [NAME …]

Each is run with the versions in `targets/standards.txt` or `targets/mlflow.txt`, installed into an
environment of its own.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import environments

ROOT = Path(__file__).resolve().parents[2]
LINES = """\
param floor = 4000 min=0 max=6000 doc="lightest # bird"
param who = "a \\"b\\" # c"
param share = 0.5
param day = @2024-03-01
# # Birds
load "datasets/penguins.csv" as p
check p: count() > 300
h = p | filter body_mass_g > $floor
h | hist body_mass_g by species
train, test = h | split 80% seed=7
m = train | fit ols body_mass_g ~ flipper_length_mm + species
evaluate m on test
gate m on test: rmse < 1000
export h "h.csv"
export m "m.kzm"
save "n.md"
"""

# Lines whose columns come from others in every way.
MORE = """\
means = p | agg mass = mean(body_mass_g), n = count() by species
wide = h | join means on species | derive share = body_mass_g / mass, big = if share > 1 then "big" else sex
ranked = wide | sort -share | derive place = lag(share) sort share | head 50
export h "h.csv"
export means "means.csv"
export ranked "ranked.arrow"
scored = test | predict m as guess | select species, guess
export scored "scored.csv"
"""


class Folder:
    """A folder with datasets/ and a Kaizen whose record of runs lies in it."""

    def __init__(self, kaizen):
        self.kaizen = Path(kaizen).resolve()
        self.path = Path(tempfile.mkdtemp(prefix="kaizen-external-"))
        (self.path / "datasets").symlink_to(ROOT / "datasets")
        self.environment = dict(os.environ, KAIZEN_STORE=str(self.path / "state"))

    def run(self, *arguments, **environment):
        result = subprocess.run(
            [self.kaizen, *arguments], cwd=self.path, text=True, capture_output=True,
            env=dict(self.environment, **environment))
        assert result.returncode == 0, f"{arguments}\n{result.stdout}{result.stderr}"
        return result.stdout


def jupyter(folder):
    import nbformat
    import papermill
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    folder.run("-c", LINES)
    notebooks = [folder.path / "n.md"]
    for path in sorted((ROOT / "notebooks").glob("*.md")):
        if path.name != "README.md":
            notebooks.append(path)
    for number, path in enumerate(notebooks):
        target = folder.path / f"{number}.ipynb"
        folder.run("-c", f'jupyter "{path}" to "{target}"')
        notebook = nbformat.read(target, as_version=nbformat.NO_CONVERT)
        assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
        nbformat.validate(notebook)
    inspected = papermill.inspect_notebook(str(folder.path / "0.ipynb"))
    types = {name: entry["inferred_type_name"] for name, entry in inspected.items()}
    assert types == {"floor": "int", "who": "str", "share": "float", "day": "date"}, types
    assert inspected["floor"]["default"] == "4000", inspected
    assert inspected["floor"]["help"] == "lightest # bird", inspected
    # Values that papermill puts in are taken, and held to their bounds.
    notebook = load_notebook_node(str(folder.path / "0.ipynb"))
    filled = parameterize_notebook(notebook, {"floor": 4500, "who": "x 'y' \"z\"", "share": 0.25})
    nbformat.write(filled, folder.path / "filled.ipynb")
    folder.run("jupyter", "filled.ipynb")
    text = (folder.path / "filled.md").read_text()
    assert "floor: {type: int, default: 4500, min: 0, max: 6000" in text, text
    assert 'default: "x \'y\' \\"z\\""' in text, text
    folder.run("replay", "filled.md", "--accept")
    folder.run("replay", "filled.md", "--check")
    # One that Jupyter has saved, and one of Python's that it has run.
    def save(name, *options):
        subprocess.run(
            [sys.executable, "-m", "nbconvert", "--to", "notebook", *options, name, "--output",
             "saved-" + name], cwd=folder.path, check=True, capture_output=True)

    save("0.ipynb")
    folder.run("jupyter", "saved-0.ipynb")
    folder.run("replay", "saved-0.md", "--check")
    maker = ROOT / "Tests/Fixtures/jupyter/make.py"
    subprocess.run([sys.executable, maker, "python.ipynb"], cwd=folder.path, check=True)
    save("python.ipynb", "--execute", "--allow-errors")
    folder.run("jupyter", "saved-python.ipynb")
    text = (folder.path / "saved-python.md").read_text()
    assert "3.141593" in text and "ZeroDivisionError" in text, text
    return f"jupyter: {len(notebooks)} notebooks valid, parameters out and in"


def schema(folder):
    folder.run("-c", LINES)
    folder.run("promote", "n.md", "pipe")
    check = [sys.executable, "-m", "check_jsonschema", "--schemafile",
             str(ROOT / "docs/pipeline.schema.json")]
    subprocess.run(
        [*check, folder.path / "pipe/pipeline.yaml"], check=True, stdout=subprocess.DEVNULL)
    text = (folder.path / "pipe/pipeline.yaml").read_text()
    wrong = folder.path / "wrong.yaml"
    edits = [("kaizen: 1", "kaizen: 2"), ("root:", "rot:"), ("type: model", "type: modell"),
             ("type: int", "type: integer"), ("    kind: read", "    knd: read")]
    for old, new in edits:
        assert old in text
        wrong.write_text(text.replace(old, new, 1))
        result = subprocess.run([*check, wrong], capture_output=True)
        assert result.returncode != 0, f"{new} passes the schema"
        refused = subprocess.run([folder.kaizen, "pipeline", "status", wrong], capture_output=True)
        assert refused.returncode == 2, f"{new} passes Kaizen"
    return f"schema: pipeline.yaml is valid, {len(edits)} mistakes are not"


def lineage(folder):
    from lineage import Wrong, events

    folder.run("-c", LINES.replace('export h "h.csv"', MORE))
    folder.run("promote", "n.md", "pipe")
    runs = folder.path / "pipe/.kaizen/runs"

    def last():
        return [json.loads(line) for line in
                (max(runs.iterdir()) / "openlineage.ndjson").read_text().splitlines()]

    folder.run("pipeline", "run", "pipe/pipeline.yaml")
    whole = last()
    columns = events(whole)
    assert columns > 20, f"{columns} columns have lineage"
    # The same when nothing is run again; and when a gate fails.
    folder.run("pipeline", "run", "pipe/pipeline.yaml")
    assert events(last()) == columns
    yaml = folder.path / "pipe/pipeline.yaml"
    yaml.write_text(yaml.read_text().replace("rmse < 1000", "rmse < 1"))
    failed = subprocess.run([folder.kaizen, "pipeline", "run", yaml], cwd=folder.path,
                            env=folder.environment, capture_output=True)
    assert failed.returncode == 6, failed.stderr
    events(last())
    assert any(event["eventType"] == "FAIL" for event in last())
    # What is written otherwise is noticed.
    text = "\n".join(json.dumps(event) for event in whole)
    edits = [
        ('"runId": "', '"runId": "x'), ('"eventTime": "', '"eventTime": "at '),
        ('"eventType": "COMPLETE"', '"eventType": "DONE"'), ('"inputFields"', '"inputFeilds"'),
        ('"field": "', '"fields": "'), ('"type": "DIRECT"', '"type": "INDIRECT"'),
        ('"subtype": "IDENTITY"', '"subtype": "SAME"'), ('"masking": false', '"masking": "no"'),
        ('"datasetVersion"', '"version"'), ('"columnLineage"', '"columnlineage"'),
        ('"_producer"', '"producer"'), ("1-2-0/ColumnLineage", "1-0-0/ColumnLineage"),
        ('"namespace": "file"', '"nmspace": "file"'), ('"dataset": [', '"datasets": ['),
        ('"parent"', '"parents"'), ('"schemaURL"', '"schemaUrl"'),
    ]
    for old, new in edits:
        assert old in text, old
        try:
            events([json.loads(line) for line in text.replace(old, new, 1).splitlines()])
        except (Wrong, ValueError):
            continue
        raise AssertionError(f"{new} is not noticed")
    return (f"lineage: events as OpenLineage has them, {columns} columns with where they come from; "
            f"{len(edits)} mistakes are not")


def mlflow(folder):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port),
         "--workers", "1", "--backend-store-uri", f"sqlite:///{folder.path}/mlflow.db",
         "--artifacts-destination", str(folder.path / "artifacts")],
        cwd=folder.path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        address = f"http://127.0.0.1:{port}"
        secret = "token-that-nobody-may-see"
        folder.run("-c", LINES)
        folder.run("replay", "n.md", "-p", "floor=4200")
        where = {"MLFLOW_TRACKING_URI": address, "MLFLOW_TRACKING_TOKEN": secret}
        # Files go along while they are what the run made.
        folder.run("runs", "push", **where)
        folder.run("promote", "n.md", "pipe")
        folder.run("pipeline", "run", "pipe/pipeline.yaml", "-p", "floor=4300")
        folder.run("runs", "push", "2", **where)
        os.environ["MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR"] = "false"
        from mlflow import MlflowClient
        client = MlflowClient(address)
        for name, floor in ("n", "4200"), ("pipeline", "4300"):
            experiment = client.get_experiment_by_name(name)
            assert experiment, f"no experiment {name}"
            (run,) = client.search_runs([experiment.experiment_id])
            assert run.info.status == "FINISHED"
            assert run.data.params["floor"] == floor, run.data.params
            assert 100 < run.data.metrics["rmse"] < 1000, run.data.metrics
            assert run.data.tags["kaizen.input.datasets/penguins.csv"], run.data.tags
            files = [file.path for file in client.list_artifacts(run.info.run_id)]
            assert {"h.csv", "m.kzm"} <= set(files), files
            there = Path(client.download_artifacts(run.info.run_id, "m.kzm")).read_bytes()
            assert there, "m.kzm is empty"
        found = subprocess.run(["grep", "-rl", secret, folder.path], capture_output=True, text=True)
        assert not found.stdout, f"the token lies in {found.stdout}"
        return "mlflow: runs, parameters, metrics and files are there; the token is in no file"
    finally:
        server.terminate()
        server.wait(20)


# What is checked, with what is installed for it.
CHECKS = {"jupyter": (jupyter, "standards"), "schema": (schema, "standards"),
          "lineage": (lineage, "standards"), "mlflow": (mlflow, "mlflow")}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kaizen")
    parser.add_argument("--tools", default=str(ROOT / ".build" / "external"))
    parser.add_argument("--jobs", type=int, default=environments.cores())
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", metavar="NAME")
    given = parser.parse_intermixed_args()
    if unknown := set(given.names) - set(CHECKS):
        parser.error(f"unknown: {unknown}")
    if given.alone:
        check, tools = CHECKS[given.alone]
        folder = Folder(given.kaizen)
        start = time.monotonic()
        try:
            print(f"{check(folder)} · {time.monotonic() - start:.0f} s")
        finally:
            shutil.rmtree(folder.path, ignore_errors=True)
        return
    failed = []
    for tools in dict.fromkeys(tools for _, tools in CHECKS.values()):
        names = [name for name, (_, its) in CHECKS.items()
                 if its == tools and (not given.names or name in given.names)]
        if not names:
            continue
        place = Path(given.tools).resolve() / tools
        start = time.monotonic()
        environments.install(place, tools)
        print(f"{tools}: {environments.megabytes(place)} MB, {time.monotonic() - start:.0f} s to install")
        failed += environments.each(
            __file__, names, [given.kaizen], given.jobs, place / "bin" / "python")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
