"""Each field of a file for a service, misspelt: which of these the checks notice."""

import copy
import importlib.util
import json
import re
import subprocess
from pathlib import Path

import yaml


def misspelt(word):
    return word[0] + word


def fields(value, path=()):
    """The ways to each key in a document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from fields(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from fields(inner, (*path, place))


def renamed(document, path):
    """The document with the last key of a path misspelt, in its place."""
    found = copy.deepcopy(document)
    place = found
    for key in path[:-1]:
        place = place[key]
    entries = [(misspelt(key) if key == path[-1] else key, value) for key, value in place.items()]
    place.clear()
    place.update(entries)
    return found


def spelled(path):
    return ".".join("[]" if isinstance(key, int) else key for key in path)


def variants(file, names):
    """By field, the file with this field misspelt. What stands below `names`, which are patterns, is a
    name of ours and no field; fields that differ in nothing else are one."""
    documents = list(yaml.safe_load_all(file.read_text()))
    found = {}
    for number, document in enumerate(documents):
        for path in fields(document):
            text = spelled(path)
            for pattern in names:
                text = re.sub(pattern, r"\1*", text)
            if text.endswith("*") or text in found:
                continue
            changed = [*documents]
            changed[number] = renamed(document, path)
            found[text] = yaml.safe_dump_all(changed, sort_keys=False, width=1000)
    return found


def words_of(file, names):
    """The same for a program: every word outside of texts and comments."""
    text = file.read_text()
    hidden = re.sub(
        r"'(?:[^'\\]|\\.)*'|//[^\n]*", lambda match: " " * len(match.group()), text)
    found = {}
    for match in re.finditer(r"[A-Za-z_]+", hidden):
        word = match.group()
        if word != "true" and not any(re.fullmatch(pattern, word) for pattern in names):
            found.setdefault(
                word, text[:match.start()] + misspelt(word) + text[match.end():])
    return found


def by_schema(*words):
    def noticed(files, folder):
        result = subprocess.run(
            ["check-jsonschema", "--output-format", "json", *words, *files], capture_output=True,
            text=True)
        said = json.loads(result.stdout)
        return {
            Path(error["filename"]).name
            for error in [*said.get("errors", []), *said.get("parse_errors", [])]}

    return noticed


def by_strict_schema(name):
    """The same schema, with every object that lists its fields closed to others."""
    def closed(schema):
        if isinstance(schema, list):
            return [closed(inner) for inner in schema]
        if not isinstance(schema, dict):
            return schema
        found = {key: closed(inner) for key, inner in schema.items()}
        if "properties" in found and "patternProperties" not in found:
            found.setdefault("additionalProperties", False)
        return found

    def noticed(files, folder):
        import check_jsonschema
        from jsonschema import Draft7Validator

        place = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor" / f"{name}.json"
        validator = Draft7Validator(closed(json.loads(place.read_text())))
        return {
            file.name for file in files
            if not validator.is_valid(yaml.safe_load(file.read_text()))}

    return noticed


def by_merged_jobs(check):
    """GitLab's schema passes over templates of jobs: here each job has what it takes of one."""
    def noticed(files, folder):
        merged = []
        for file in files:
            text = yaml.safe_load(file.read_text())
            for name, job in text.items():
                if isinstance(job, dict) and job.get("extends") in text:
                    text[name] = {**text[job["extends"]], **job}
            merged.append(file.parent / "merged" / file.name)
            merged[-1].parent.mkdir(exist_ok=True)
            merged[-1].write_text(yaml.safe_dump(text, sort_keys=False, width=1000))
        return check(merged, folder)

    return noticed


# The inputs of actions, as the action.yml of the pinned commits has them, and what a run by hand may
# have: GitHub's schema leaves both open.
ACTIONS = {
    "actions/checkout": {"persist-credentials", "ref", "fetch-depth", "path", "lfs"},
    "actions/upload-artifact": {
        "name", "path", "if-no-files-found", "retention-days", "compression-level", "overwrite",
        "include-hidden-files"},
    "actions/download-artifact": {"name", "path", "pattern", "merge-multiple"},
    "actions/cache": {"path", "key", "restore-keys", "fail-on-cache-miss", "lookup-only"},
}
INPUT = {"description", "required", "default", "type", "options"}


def by_actions(files, folder):
    def is_wrong(workflow):
        by_hand = workflow["on"].get("workflow_dispatch") or {}
        if set(by_hand) - {"inputs"} or any(
            set(given) - INPUT for given in by_hand.get("inputs", {}).values()):
            return True
        steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
        return any(
            set(step.get("with", {})) - ACTIONS[step["uses"].split("@")[0]]
            for step in steps if "uses" in step)

    return {file.name for file in files if is_wrong(yaml.safe_load(file.read_text()))}


def by_zizmor(files, folder):
    return {
        file.name for file in files
        if subprocess.run(
            ["zizmor", "--offline", "--no-progress", file], capture_output=True).returncode}


def by_cfn_lint(files, folder):
    result = subprocess.run(
        ["cfn-lint", "--format", "json", *files], capture_output=True, text=True)
    return {Path(match["Filename"]).name for match in json.loads(result.stdout or "[]")}


def by_builds(files, folder):
    from aws_runner import problem

    return {file.name for file in files if problem(yaml.safe_load(file.read_text()))}


def by_kubernetes(files, folder):
    found = set()
    import kubernetes_validate

    for file in files:
        for document in yaml.safe_load_all(file.read_text()):
            try:
                version = kubernetes_validate.latest_version()
                kubernetes_validate.validate(document, version, strict=True)
            except Exception:
                found.add(file.name)
    return found


def by_hera(files, folder):
    spec = importlib.util.spec_from_file_location("check", folder / "check.py")
    check = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(check)
    return {file.name for file in files if check.problem(file)}


def by_groovy(files, folder):
    script = (
        "args.each { try { new GroovyShell().run(new File('check.groovy'), [it] as String[]) } "
        "catch (Throwable e) { println \"noticed $it\" } }")
    result = subprocess.run(
        ["groovy", "-e", script, *files], cwd=folder, capture_output=True, text=True, check=True)
    return {
        Path(line.split(" ", 1)[1]).name for line in result.stdout.splitlines()
        if line.startswith("noticed ")}


def sweep(project, folder, service):
    """How many fields there are, and how many that are misspelt nothing notices: those are the ones
    that are known."""
    count, missed = 0, set()
    for name, checks in service.checks.items():
        file = folder / name
        found = words_of(file, service.names) if name == "Jenkinsfile" else variants(file, service.names)
        count += len(found)
        place = project.top / "misspelt" / name
        place.mkdir(parents=True)
        (place / "right").mkdir()
        right = place / "right" / name
        right.write_text(file.read_text())
        files = {}
        for number, (field, text) in enumerate(found.items()):
            files[field] = place / f"{number}{file.suffix}"
            files[field].write_text(text)
        for check in checks:
            assert not check([right], folder), f"{service.name}: {name} is wrong as it is"
            noticed = check(list(files.values()), folder)
            files = {field: path for field, path in files.items() if path.name not in noticed}
        missed |= {f"{name}: {field}" for field in files}
    assert missed == service.missed, (
        f"{service.name}: misspelt and not noticed: {sorted(missed - service.missed)}; "
        f"noticed after all: {sorted(service.missed - missed)}")
    return count, len(missed)
