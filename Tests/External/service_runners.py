"""Small runners: the commands in files for services, run in the order that the services would.

Each gives a service's files what the service itself would: clean copies of the project, folders,
variables, artifacts. What a runner does not know is an error, never left out.
"""

import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import yaml

# What a build in the cloud must not be able to read out by a parameter.
TOKEN = "token-of-the-service"


class Run:
    """One run: the jobs that ended well, and all that was said."""

    def __init__(self, project, pipeline, values, environment=None, secrets=None):
        self.project, self.pipeline, self.values = project, pipeline, values
        # What the service keeps, by name: a job gets what its file asks for, in the service's own way.
        self.secrets = secrets or {}
        self.top = Path(tempfile.mkdtemp(prefix="kaizen-run-", dir=project.top))
        self.environment = {**project.environment, **(environment or {})}
        self.environment.pop("KAIZEN_CACHE", None)
        self.said, self.done, self.failed = "", [], []
        # The folders in which steps left what they gave, and the project with the files they wrote.
        self.found, self.root = [], self.top / "result"
        self.checkout(self.root)

    def checkout(self, place):
        """A clean copy of the project, without anything that was computed."""
        shutil.copytree(
            self.project.path, place,
            ignore=lambda folder, names: [name for name in names if name.startswith(".kaizen")])
        return place

    @property
    def parameters(self):
        return json.dumps(self.values) if self.values else ""

    def shell(self, words, text, folder, environment):
        """Runs a script; whether it ended with 0."""
        script = self.top / "script"
        script.write_text(text)
        return self.command([*words, script], folder, environment)

    def command(self, words, folder, environment):
        result = subprocess.run(
            [str(word) for word in words], cwd=folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            env={**self.environment, **environment})
        self.said += result.stdout
        self.status = result.returncode
        return result.returncode == 0

    def unpack(self, folder):
        """Puts the files that a step wrote where they belong."""
        for archive in Path(folder).glob("*.tar"):
            root = self.root / self.pipeline.relative_to(self.project.path)
            spec = yaml.safe_load((self.pipeline / "pipeline.yaml").read_text())
            subprocess.run(["tar", "-xf", archive, "-C", root / spec["root"]], check=True)

    def remove(self):
        shutil.rmtree(self.top, ignore_errors=True)


def ordered(jobs):
    """Names of jobs, each behind those it needs; `jobs` has what each needs."""
    left, order = dict(jobs), []
    while left:
        ready = [name for name, needs in left.items() if all(need in order for need in needs)]
        assert ready, f"these wait for each other or for none: {left}"
        order += ready
        for name in ready:
            del left[name]
    return order


def filled(text, pattern, value):
    """A text with what stands in `pattern` replaced once; what comes in is not looked at again."""
    if not isinstance(text, str):
        return text
    return re.sub(pattern, lambda match: value(match.group(1)), text, flags=re.DOTALL)


def copy_into(source, place):
    shutil.copytree(source, place, dirs_exist_ok=True)


def github(run, folder, variables):
    workflow = yaml.safe_load((folder / "pipeline.yml").read_text())
    uploaded, caches = run.top / "artifacts", run.top / "caches"
    jobs = workflow["jobs"]
    for name in ordered({name: job.get("needs", []) for name, job in jobs.items()}):
        if any(need not in run.done for need in jobs[name].get("needs", [])):
            continue
        assert re.fullmatch("[A-Za-z_][A-Za-z0-9_-]{0,99}", name), name
        temp = run.top / f"temp {name[:60]}"
        temp.mkdir()
        work = run.top / "work"
        context = {
            "runner.temp": str(temp), "inputs.parameters": run.parameters,
            "github.run_id": "7", "github.run_attempt": "1",
            **{f"vars.{key}": value for key, value in variables.items()},
            **{f"secrets.{key}": value for key, value in run.secrets.items()},
        }

        def fill(text):
            return filled(
                text, r"\$\{\{(.*?)\}\}", lambda key: context[key.strip()]
                if not key.strip().startswith(("vars.", "secrets.")) else context.get(key.strip(), ""))

        failed = False
        for step in jobs[name]["steps"]:
            assert set(step) <= {"uses", "with", "run", "env", "if"}, step
            assert step.get("if", "always()") == "always()"
            if failed and "if" not in step:
                continue
            if "run" in step:
                assert fill(step["run"]) == step["run"], "an expression in a script"
                environment = {key: fill(value) for key, value in step["env"].items()}
                failed |= not run.shell(["bash", "-e"], step["run"], work, environment)
                continue
            action, commit = step["uses"].split("@")
            assert re.fullmatch("[0-9a-f]{40}", commit), step["uses"]
            given = {key: fill(value) for key, value in step["with"].items()}
            if action == "actions/checkout":
                run.checkout(work)
            elif action == "actions/download-artifact":
                copy_into(uploaded / given["name"], given["path"])
            elif action == "actions/upload-artifact":
                copy_into(given["path"], uploaded / given["name"])
                run.found.append(uploaded / given["name"])
            elif action == "actions/cache":
                cached = caches / given["restore-keys"]
                if cached.exists():
                    copy_into(cached, given["path"])
            else:
                raise AssertionError(f"no action {action}")
        shutil.rmtree(work)
        (run.failed if failed else run.done).append(name)


def gitlab(run, folder, variables):
    (file,) = folder.glob("*.gitlab-ci.yml")
    text = yaml.safe_load(file.read_text())
    defaults = {
        key: value["value"] if isinstance(value, dict) else value
        for key, value in text.pop("variables", {}).items()}
    kept = run.top / "artifacts"
    jobs = {
        name: {**text[job["extends"]], **job}
        for name, job in text.items() if not name.startswith(".")}
    for name in ordered({name: [n["job"] for n in job["needs"]] for name, job in jobs.items()}):
        job = jobs[name]
        if any(need["job"] not in run.done for need in job["needs"]):
            continue
        work = run.checkout(run.top / "work")
        for need in job["needs"]:
            if need["artifacts"]:
                copy_into(kept / need["job"], work)
        environment = {
            **defaults, **variables, **run.secrets, **job["variables"], "CI_PIPELINE_SOURCE": "web",
            **({"KAIZEN_PARAMETERS": run.parameters} if run.parameters else {})}
        script = "\n".join(job["before_script"] + job["script"])
        good = run.shell(["sh", "-e"], script, work, environment)
        assert job["artifacts"]["when"] == "always"
        for path in job["artifacts"]["paths"]:
            if (work / path).exists():
                copy_into(work / path, kept / name / path)
                run.found.append(kept / name / path)
        shutil.rmtree(work)
        (run.done if good else run.failed).append(name)


def azure_value(expression, given):
    """`replace(…)` and `parameters.…`."""
    words = re.findall(r"'(?:[^']|'')*'|[A-Za-z.]+|[(),]", expression)

    def value():
        word = words.pop(0)
        if word.startswith("'"):
            return word[1:-1].replace("''", "'")
        if word == "replace":
            assert words.pop(0) == "("
            arguments = [value()]
            while words.pop(0) == ",":
                arguments.append(value())
            return arguments[0].replace(*arguments[1:])
        return given[word]

    result = value()
    assert not words, expression
    return result


def azure(run, folder, variables):
    text = yaml.safe_load((folder / "azure-pipelines.yml").read_text())
    published = run.top / "artifacts"
    jobs = {job["job"]: job for job in text["jobs"]}
    given = {f"parameters.{p['name']}": p["default"] for p in text.get("parameters", [])}
    if run.parameters:
        given["parameters.parameters"] = run.parameters
    for name in ordered({name: job["dependsOn"] for name, job in jobs.items()}):
        job = jobs[name]
        if any(need not in run.done for need in job["dependsOn"]):
            continue
        assert re.fullmatch("[A-Za-z_][A-Za-z0-9_]{0,99}", name), name
        place, work = run.top / f"place {name[:60]}", run.top / "work"
        known = {
            "Pipeline.Workspace": str(place), "Build.BuildId": "7", "System.AccessToken": TOKEN,
            **run.secrets}

        def fill(text):
            text = filled(text, r"\$\{\{(.*?)\}\}", lambda key: azure_value(key.strip(), given))
            # A variable that there is none of stays as it is.
            return filled(
                text, r"\$\(([A-Za-z0-9._]+)\)", lambda key: known.get(key, f"$({key})"))

        failed = False
        for step in job["steps"]:
            if failed and step.get("condition") != "always()":
                continue
            if "checkout" in step:
                run.checkout(work)
            elif "bash" in step:
                assert fill(step["bash"]) == step["bash"], "an expression in a script"
                environment = {key: fill(value) for key, value in step["env"].items()}
                failed |= not run.shell(["bash"], step["bash"], work, {**variables, **environment})
            elif "publish" in step:
                copy_into(fill(step["publish"]), published / step["artifact"])
                run.found.append(published / step["artifact"])
            elif step["task"] == "DownloadPipelineArtifact@2":
                inputs = {key: fill(value) for key, value in step["inputs"].items()}
                copy_into(published / inputs["artifactName"], inputs["targetPath"])
            else:
                assert step["task"] == "Cache@2", step
        shutil.rmtree(work)
        (run.failed if failed else run.done).append(name)


def gcp(run, folder, variables):
    text = yaml.safe_load((folder / "cloudbuild.yaml").read_text())
    known = {**text["substitutions"], "BUILD_ID": "7"}
    known.update({key: value for key, value in variables.items() if key.startswith("_")})
    if run.parameters:
        known["_PARAMETERS"] = run.parameters

    def fill(text):
        return filled(text, r"\$\{?(\$|[A-Z0-9_]+)\}?", lambda key: "$" if key == "$" else known[key])

    fill(text["artifacts"]["objects"]["location"])
    kept = text.get("availableSecrets", {}).get("secretManager", [])
    names = {each["env"]: each["versionName"].split("/")[3] for each in kept}
    steps = {step["id"]: step for step in text["steps"]}
    needs = {
        name: [need for need in step["waitFor"] if need != "-"] for name, step in steps.items()}
    for name in ordered(needs):
        # The first step that fails ends the build.
        if run.failed:
            break
        step = steps[name]
        fill(step["name"])
        environment = dict(fill(value).split("=", 1) for value in step["env"])
        for variable in step.get("secretEnv", []):
            if run.secrets:
                environment[variable] = run.secrets[names[variable]]
        good = run.shell(["sh"], step["script"], run.root, environment)
        (run.done if good else run.failed).append(name)
    run.found.append(run.root / ".kaizen-files")


def jenkins(run, folder, variables):
    result = subprocess.run(
        ["groovy", "check.groovy", "Jenkinsfile"], cwd=folder, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    read = json.loads(result.stdout)
    environment = {**variables, **read["environment"], "KAIZEN_PARAMETERS": run.parameters}
    for variable, value in read["environment"].items():
        if value.startswith("credentials of "):
            environment[variable] = run.secrets.get(value.removeprefix("credentials of "), "")
    for stage in read["stages"]:
        for command in stage["commands"]:
            if not run.failed and not run.shell(["sh", "-e"], command, run.root, environment):
                run.failed.append(stage["name"])
        if not run.failed:
            run.done.append(stage["name"])
    run.found.append(run.root / ".kaizen-files")
