"""How the tools are installed, run and asked what came of it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


class Tool:
    """One in an environment of its own."""

    name = ""
    caches = False
    retries = True
    counts_steps = True
    # How many of the five ways to give hostile names are tried.
    turns = 2
    # Whether failures are tried with every notebook, not with the first alone.
    is_thorough = True

    def __init__(self, tools, kaizen):
        self.place = tools / self.name
        self.kaizen = kaizen

    def install(self):
        """Installs what `targets/NAME.txt` pins, if it has not been."""
        pins = HERE / "targets" / f"{self.name}.txt"
        done = self.place / "installed.txt"
        if done.exists() and done.read_text() == pins.read_text():
            return
        shutil.rmtree(self.place, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", self.place], check=True)
        subprocess.run(
            [self.place / "bin/python", "-m", "pip", "install", "-q", "-r", pins], check=True)
        done.write_text(pins.read_text())

    def version(self):
        return (HERE / "targets" / f"{self.name}.txt").read_text().split()[0]

    def prepare(self, project, folder):
        """Before the first run."""

    def run(self, project, folder, values, check=True):
        raise NotImplementedError

    def found(self, pipeline, folder):
        """The digests by step."""
        from targets import marks
        return marks(pipeline, folder / "artifacts")

    def started(self, project, pipeline):
        """The steps that were started."""
        return project.calls()

    def forget(self, folder):
        """As if it had never run."""
        shutil.rmtree(folder / "artifacts", ignore_errors=True)

    def log(self, result, folder):
        """What the tool says of a run."""
        return result.stdout


class Make(Tool):
    name = "make"
    caches = True
    turns = 5

    def install(self):
        assert shutil.which("make"), "apt install make"

    def version(self):
        return subprocess.run(
            ["make", "--version"], capture_output=True, text=True).stdout.splitlines()[0]

    def run(self, project, folder, values, check=True):
        words = []
        if values:
            (folder / "other.yaml").write_text(json.dumps(values))
            words = ["PARAMETERS=other.yaml"]
        return project.run("make", "-j2", *words, cwd=folder, check=check)


class DVC(Tool):
    name = "dvc"
    caches = True

    def prepare(self, project, folder):
        dvc = self.place / "bin/dvc"
        project.run(dvc, "config", "--global", "core.analytics", "false", cwd=folder)
        project.run(dvc, "init", "--no-scm", "-q", cwd=project.path)
        self.before = None

    def run(self, project, folder, values, check=True):
        if values:
            text = (folder / "parameters.yaml").read_text()
            (folder / "parameters.yaml").write_text(json.dumps(values))
            self.before = text
        elif self.before is not None:
            (folder / "parameters.yaml").write_text(self.before)
            self.before = None
        return project.run(self.place / "bin/dvc", "repro", cwd=folder, check=check)

    def forget(self, folder):
        super().forget(folder)
        (folder / "dvc.lock").unlink(missing_ok=True)
        top = folder
        while not (top / ".dvc").exists():
            top = top.parent
        shutil.rmtree(top / ".dvc" / "cache", ignore_errors=True)
        shutil.rmtree(top / ".dvc" / "tmp", ignore_errors=True)


class Snakemake(Tool):
    name = "snakemake"
    caches = True

    def run(self, project, folder, values, check=True):
        words = []
        if values and all(value.isascii() and value.isalnum() for value in values.values()):
            words = ["--config", *(f"{name}={value}" for name, value in values.items())]
        elif values:
            # On the command line Snakemake takes quotes and comments out of values.
            (folder / "other.yaml").write_text(json.dumps(values))
            words = ["--configfile", "other.yaml"]
        return project.run(
            self.place / "bin/snakemake", "--cores", "2", *words, cwd=folder, check=check)

    def forget(self, folder):
        super().forget(folder)
        shutil.rmtree(folder / ".snakemake", ignore_errors=True)


class Airflow(Tool):
    name = "airflow"
    is_thorough = False

    def environment(self, project, folder):
        home = project.top / "airflow"
        return {
            "AIRFLOW_HOME": str(home), "AIRFLOW__CORE__DAGS_FOLDER": str(folder),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False", "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO", "NO_COLOR": "1",
            "PATH": f"{project.environment['PATH']}:{self.place}/bin",
        }

    def prepare(self, project, folder):
        # A database that was migrated once is copied.
        blank = self.place / "airflow.db"
        home = project.top / "airflow"
        home.mkdir(exist_ok=True)
        if not blank.exists():
            project.run(
                self.place / "bin/airflow", "db", "migrate", cwd=folder,
                **self.environment(project, folder))
            shutil.copy(home / "airflow.db", blank)
        shutil.copy(blank, home / "airflow.db")

    def run(self, project, folder, values, check=True):
        text = (folder / "dag.py").read_text()
        name = json.loads(text.split("dag_id=", 1)[1].split(",\n", 1)[0])
        words = ["--conf", json.dumps(values)] if values else []
        return project.run(
            self.place / "bin/airflow", "dags", "test", name, *words, cwd=folder, check=check,
            **self.environment(project, folder))


class KFP(Tool):
    name = "kfp"
    retries = False

    def run(self, project, folder, values, check=True):
        shutil.rmtree(folder / "local", ignore_errors=True)
        words = [f"{name}={value}" for name, value in values.items()]
        return project.run(
            self.place / "bin/python", folder / "local.py", *words, cwd=folder, check=check)

    def found(self, pipeline, folder):
        from targets import sha256
        found = {}
        for file in (folder / "local").rglob("*.done"):
            mark = json.loads(file.read_text())
            digests = []
            output = json.loads((file.parent / "executor_output.json").read_text())
            for entry in output["artifacts"].values():
                (artifact,) = entry["artifacts"]
                digest = sha256(artifact["uri"])
                assert artifact["metadata"]["sha256"] == digest
                digests.append(digest)
            assert sorted(digests) == sorted(mark["artifacts"].values())
            found[mark["step"]] = (sorted(digests), mark["outputs"])
        return found

    def forget(self, folder):
        shutil.rmtree(folder / "local", ignore_errors=True)


class Docker(Tool):
    name = "docker"
    retries = False
    counts_steps = False

    def install(self):
        assert shutil.which("buildah"), "apt install buildah"
        self.program = self.kaizen.parent / "kaizen-static"
        assert self.program.exists(), "make static"
        super().install()
        # An image of the program as it is now.
        shutil.rmtree(self.place / "store", ignore_errors=True)

    def prepare(self, project, folder):
        shutil.copy(self.program, folder / "kaizen")
        subprocess.run([self.place / "bin/hadolint", folder / "Dockerfile"], check=True)

    def run(self, project, folder, values, check=True):
        words = [word for name, value in values.items() for word in ("-p", f"{name}={value}")]
        return project.run(
            "sh", "run", *words, cwd=folder, check=check, BUILDAH_STORE=str(self.place / "store"),
            CONTAINER_TOOL=str(HERE / "docker_by_buildah.py"))

    def found(self, pipeline, folder):
        from targets import recorded
        return recorded(pipeline / ".kaizen")

    def started(self, project, pipeline):
        return self.found(pipeline, None)


TOOLS = [Make, DVC, Snakemake, Airflow, KFP, Docker]
