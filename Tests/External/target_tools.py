"""How the tools are installed, run and asked what came of it."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import environments
import podman_alone
from projects import marks, recorded, sha256

HERE = Path(__file__).resolve().parent


class Tool:
    """One in an environment of its own."""

    name = ""
    caches = False
    retries = True
    counts_steps = True
    # What may not stand in the name of the pipeline's folder, and what `promote` says of it.
    refused = ()
    # What `promote` says of a pipeline with a secret, if that is refused.
    without_secrets = None
    # Which packages are pinned for it: `targets/NAME.txt`.
    pins = None

    def __init__(self, tools, kaizen):
        self.place = tools / self.name
        self.kaizen = kaizen

    def install(self):
        environments.install(self.place, self.pins)

    def close(self):
        """After the last run."""

    def version(self):
        return environments.version(self.pins)

    def verdict(self):
        """What is shown."""
        return "executed"

    def folder(self, pipeline):
        return pipeline / "targets" / self.name

    def environment(self, project, folder):
        """Variables for the tool."""
        return {"PATH": f"{project.environment['PATH']}:{self.place}/bin"}

    def prepare(self, project, folder):
        """Before the first run."""

    def run(self, project, folder, values, check=True):
        raise NotImplementedError

    def found(self, pipeline, folder):
        """The digests by step."""
        return marks(pipeline, folder / "artifacts")

    def started(self, project, pipeline):
        """The steps that were started."""
        return project.calls()

    def started_again(self, project, result):
        """The steps that a run started which had nothing to do."""
        return project.calls()

    def forget_all(self, pipeline):
        """Forgets all that was done, so that nothing is taken from an earlier run."""
        shutil.rmtree(pipeline / ".kaizen", ignore_errors=True)
        self.forget(self.folder(pipeline))

    def forget(self, folder):
        """As if it had never run."""
        shutil.rmtree(folder / "artifacts", ignore_errors=True)

    def log(self, result, folder):
        """What the tool says of a run."""
        return result.stdout


class Native(Tool):
    """Our own runner, with another number of threads than the run that it is held against."""

    name = "native"
    caches = True
    # It runs steps by the program itself, past the one that counts.
    counts_steps = False
    retries = False

    def install(self):
        pass

    def version(self):
        return subprocess.run(
            [self.kaizen, "--version"], capture_output=True, text=True).stdout.strip()

    def folder(self, pipeline):
        return pipeline

    def run(self, project, folder, values, check=True):
        words = [word for name, value in values.items() for word in ("-p", f"{name}={value}")]
        return project.run(
            "kaizen", "--threads", "1", "pipeline", "run", folder / "pipeline.yaml", *words, check=check)

    def found(self, pipeline, folder):
        return recorded(pipeline / ".kaizen")

    def started(self, project, pipeline):
        return self.found(pipeline, pipeline)

    def started_again(self, project, result):
        return [line for line in result.stdout.splitlines() if " done in " in line]

    def forget(self, folder):
        shutil.rmtree(folder / ".kaizen", ignore_errors=True)


class Make(Tool):
    name = "make"
    caches = True

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
    name = pins = "dvc"
    caches = True

    def environment(self, project, folder):
        return {**super().environment(project, folder), "DVC_NO_ANALYTICS": "1"}

    def prepare(self, project, folder):
        project.run("dvc", "init", "--no-scm", "-q", **self.environment(project, folder))
        self.before = None

    def run(self, project, folder, values, check=True):
        if values:
            text = (folder / "parameters.yaml").read_text()
            (folder / "parameters.yaml").write_text(json.dumps(values))
            self.before = text
        elif self.before is not None:
            (folder / "parameters.yaml").write_text(self.before)
            self.before = None
        return project.run(
            "dvc", "repro", cwd=folder, check=check, **self.environment(project, folder))

    def forget(self, folder):
        super().forget(folder)
        (folder / "dvc.lock").unlink(missing_ok=True)
        top = folder
        while not (top / ".dvc").exists():
            top = top.parent
        shutil.rmtree(top / ".dvc" / "cache", ignore_errors=True)
        shutil.rmtree(top / ".dvc" / "tmp", ignore_errors=True)


class Snakemake(Tool):
    name = pins = "snakemake"
    caches = True
    refused = "{", "does not run in a folder with braces"

    def run(self, project, folder, values, check=True):
        words = []
        if values and all(value.isascii() and value.isalnum() for value in values.values()):
            words = ["--config", *(f"{name}={value}" for name, value in values.items())]
        elif values:
            # On the command line Snakemake takes quotes and comments out of values.
            (folder / "other.yaml").write_text(json.dumps(values))
            words = ["--configfile", "other.yaml"]
        return project.run(
            "snakemake", "--cores", "2", *words, cwd=folder, check=check,
            **self.environment(project, folder))

    def forget(self, folder):
        super().forget(folder)
        shutil.rmtree(folder / ".snakemake", ignore_errors=True)


class Airflow(Tool):
    """Its command, started once for all runs; that of VERIFY.md, with a home of its own, is not."""

    name = pins = "airflow"

    def install(self):
        super().install()
        self.top = Path(tempfile.mkdtemp(prefix="kaizen-airflow-"))
        self.home, self.socket = self.top / "home", self.top / "socket"
        (self.top / "bin").mkdir()
        (self.top / "bin" / "airflow").symlink_to(HERE / "airflow_server.py")
        self.home.symlink_to(self.top / "first")
        (self.top / "first").mkdir()
        self.server = subprocess.Popen(
            [self.place / "bin/python", HERE / "airflow_server.py", self.socket],
            env={**environments.plain(), **self.variables()}, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        # Lines before the last are remarks of what it imports.
        while line := self.server.stdout.readline():
            if line == "ready\n":
                return
        raise AssertionError("the server of Airflow did not start")

    def close(self):
        self.server.stdin.close()
        self.server.wait()
        shutil.rmtree(self.top, ignore_errors=True)

    def variables(self):
        return {
            "AIRFLOW_HOME": str(self.home), "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW_SERVER": str(self.socket), "NO_COLOR": "1",
        }

    def environment(self, project, folder):
        # The home that the server knows is that of the project now.
        home = project.top / "airflow"
        home.mkdir(exist_ok=True)
        self.home.unlink()
        self.home.symlink_to(home)
        found = {
            "PATH": f"{self.top}/bin:{project.environment['PATH']}:{self.place}/bin",
            **self.variables(),
        }
        if folder:
            # In this setting Airflow fills in variables: such a folder is named by a link.
            link = project.top / "dags"
            if "$" in str(folder) and not link.exists():
                link.symlink_to(folder)
            found["AIRFLOW__CORE__DAGS_FOLDER"] = str(link if link.exists() else folder)
        return found

    def prepare(self, project, folder):
        # A database that was migrated once is copied.
        blank, home = self.top / "airflow.db", project.top / "airflow"
        environment = self.environment(project, folder)
        if not blank.exists():
            project.run("airflow", "db", "migrate", cwd=folder, **environment)
            shutil.copy(home / "airflow.db", blank)
        shutil.copy(blank, home / "airflow.db")

    def run(self, project, folder, values, check=True):
        text = (folder / "dag.py").read_text()
        name = json.loads(text.split("dag_id=", 1)[1].split(",\n", 1)[0])
        words = ["--conf", json.dumps(values)] if values else []
        return project.run(
            "airflow", "dags", "test", name, *words, cwd=folder, check=check,
            **self.environment(project, folder))


class KFP(Tool):
    name = pins = "kfp"
    without_secrets = "Kubeflow's format has no secrets"
    # Nor does its local runner.
    retries = False

    def environment(self, project, folder):
        return {"PATH": f"{self.place}/bin:{project.environment['PATH']}"}

    def run(self, project, folder, values, check=True):
        shutil.rmtree(folder / "local", ignore_errors=True)
        words = [f"{name}={value}" for name, value in values.items()]
        return project.run(
            "python3", "local.py", *words, cwd=folder, check=check,
            **self.environment(project, folder))

    def found(self, pipeline, folder):
        found = {}
        runs = sorted((folder / "local").iterdir(), key=lambda run: run.stat().st_mtime_ns)
        for file in runs[-1].rglob("*.done"):
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
    name = pins = "docker"
    # The container has the program itself, which starts the steps.
    retries = False
    counts_steps = False

    def install(self):
        self.program = self.kaizen.parent / "kaizen-static"
        assert self.program.exists(), "make static"
        super().install()
        # An image of the program as it is now.
        self.store = self.place / "store"
        shutil.rmtree(self.store, ignore_errors=True)
        (self.place / "tools").mkdir(exist_ok=True)
        link = self.place / "tools" / "podman"
        link.unlink(missing_ok=True)
        self.obstacle = podman_alone.obstacle(self.store, self.program)
        link.symlink_to(HERE / "podman_alone.py")

    def close(self):
        if not self.obstacle and not podman_alone.IS_ROOT:
            # The process that keeps a user's namespace ends.
            podman_alone.asked(self.store, "system", "migrate")

    def verdict(self):
        if not self.obstacle:
            version = subprocess.run(["podman", "--version"], capture_output=True, text=True).stdout
            return f"executed by {version.strip()}"
        return (
            f"NOT EXECUTED, no container can be made here ({self.obstacle}); validated by hadolint, "
            "and the image's program run outside of one")

    def environment(self, project, folder):
        found = {
            "PATH": f"{self.place}/tools:{project.environment['PATH']}:{self.place}/bin",
            "CONTAINER_TOOL": "podman", "KAIZEN_STATIC": str(self.program),
            "PODMAN_STORE": str(self.store), "PODMAN_OBSTACLE": self.obstacle or "",
        }
        if podman_alone.IS_ROOT:
            found["CONTAINER_USER"] = podman_alone.USER
        return found

    def prepare(self, project, folder):
        shutil.copy(self.program, folder / "kaizen")
        subprocess.run([self.place / "bin/hadolint", folder / "Dockerfile"], check=True)
        environment = {**self.environment(project, folder), "CONTAINER_USER": "0:0"}
        refused = project.run("sh", "run", cwd=folder, check=False, **environment)
        assert refused.returncode == 2 and "not as root" in refused.stdout, refused.stdout

    def run(self, project, folder, values, check=True):
        words = [word for name, value in values.items() for word in ("-p", f"{name}={value}")]
        return project.run(
            "sh", "run", *words, cwd=folder, check=check, **self.environment(project, folder))

    def found(self, pipeline, folder):
        return recorded(pipeline / ".kaizen")

    def started(self, project, pipeline):
        return self.found(pipeline, None)


# Those that take longest come first: some run at once.
TOOLS = [Airflow, Snakemake, DVC, Docker, KFP, Native, Make]
