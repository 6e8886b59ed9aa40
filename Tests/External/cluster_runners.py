"""What a cluster would do with objects of Kubernetes and of Argo: their containers' commands are run."""

import json
import re
import shutil
from pathlib import Path

import yaml

from service_runners import ordered


class Volumes:
    """What containers see of a machine."""

    def __init__(self, run, configuration):
        self.places = {"/project": run.root, "/tmp": run.top / "tmp"}
        (run.top / "tmp").mkdir(exist_ok=True)
        if configuration:
            place = self.places["/parameters"] = run.top / "configuration"
            place.mkdir(exist_ok=True)
            for name, text in configuration.items():
                (place / name).write_text(text)

    def path(self, word):
        for place, real in self.places.items():
            if word == place or word.startswith(place + "/"):
                return str(real) + word[len(place):]
        return word

    def run(self, run, container):
        mounted = {mount["mountPath"] for mount in container["volumeMounts"]}
        assert mounted == set(self.places), (mounted, self.places)
        assert re.search("@sha256:[0-9a-f]{64}$", container["image"]), container["image"]
        words = [re.sub(r"\$\$", "$", self.path(word)) for word in container["command"]]
        (source,) = container["envFrom"]
        assert source["secretRef"]["optional"], source
        return run.command(words, self.path(container["workingDir"]), run.secrets)


def objects(folder, values):
    """The objects in a file by kind, and the texts of its configuration."""
    found = {read["kind"]: read for read in yaml.safe_load_all((folder / "pipeline.yaml").read_text())}
    configuration = found.get("ConfigMap", {}).get("data")
    if values:
        configuration = {"parameters.yaml": json.dumps(values)}
    return found, configuration


def kubernetes(run, folder, variables):
    found, configuration = objects(folder, run.values)
    job = found["CronJob"]["spec"]["jobTemplate"]["spec"]
    pod = job["template"]["spec"]
    volumes = Volumes(run, configuration)
    (rule,) = job["podFailurePolicy"]["rules"]
    assert rule["action"] == "FailJob" and rule["onExitCodes"]["operator"] == "NotIn"
    for attempt in range(job["backoffLimit"] + 1):
        run.done, run.failed = [], []
        for container in [*pod.get("initContainers", []), *pod["containers"]]:
            assert re.fullmatch("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", container["name"])
            if not volumes.run(run, container):
                run.failed.append(container["name"])
                break
            run.done.append(container["name"])
        if not run.failed or run.status not in rule["onExitCodes"]["values"]:
            break
    run.found.append(run.root / folder.relative_to(run.project.path) / "artifacts")


def argo(run, folder, variables):
    found, configuration = objects(folder, run.values)
    templates = {each["name"]: each for each in found["WorkflowTemplate"]["spec"]["templates"]}
    tasks = {task["name"]: task for task in templates["pipeline"]["dag"]["tasks"]}
    kept = {}
    for name in ordered({name: task.get("dependencies", []) for name, task in tasks.items()}):
        task = tasks[name]
        if any(need not in run.done for need in task.get("dependencies", [])):
            continue
        template = templates[task["template"]]
        files = run.top / f"files {name}"
        files.mkdir()
        volumes = Volumes(run, configuration)
        volumes.places["/files"] = files
        sources = {
            each["name"]: each["from"] for each in task.get("arguments", {}).get("artifacts", [])}
        for each in template.get("inputs", {}).get("artifacts", []):
            source = re.fullmatch(
                r"\{\{tasks\.([a-z0-9-]+)\.outputs\.artifacts\.([A-Za-z0-9-]+)\}\}",
                sources.pop(each["name"]))
            shutil.copy(kept[source.groups()], volumes.path(each["path"]))
        assert not sources, sources
        retry = template.get("retryStrategy", {"limit": "0"})
        assert retry.get("expression", 'lastRetry.exitCode == "75"') == 'lastRetry.exitCode == "75"'
        for attempt in range(int(retry["limit"]) + 1):
            good = volumes.run(run, template["container"])
            if good or run.status != 75:
                break
        for each in template["outputs"]["artifacts"]:
            path = Path(volumes.path(each["path"]))
            assert path.exists() or each.get("optional") or not good, f"{name} gave no {path}"
            kept[(name, each["name"])] = path
        run.found.append(files)
        (run.done if good else run.failed).append(name)
