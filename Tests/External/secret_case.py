"""A notebook with a secret: its value reaches the step that needs it, and no file."""

import base64

from projects import Case, native, same

VARIABLE, VALUE = "PSEUDONYM_KEY", "correct horse battery staple 7"
CODES = Case("codes", ["penguins.csv"], {"last": "2008"}, None, None, (set(), set()))
MISSING = f"{VARIABLE} is not set"


def absent(folder):
    """Nothing below the folder has the value, as it is or as Kubernetes writes such values."""
    spelled = VALUE.encode(), base64.b64encode(VALUE.encode())
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            content = file.read_bytes()
            assert not any(each in content for each in spelled), f"the secret is in {file}"


def run(tool, project):
    """By a tool that runs here, which passes on what it was started with; how many digests were those
    of our own run."""
    project.add(CODES)
    # At promotion, too, the value is there, and not written.
    project.environment[VARIABLE] = VALUE
    if tool.without_secrets:
        refused = project.run(
            "kaizen", "promote", "codes.md", "pipeline", "--target", tool.name, check=False)
        assert refused.returncode == 2 and tool.without_secrets in refused.stdout, refused.stdout
        return 0
    pipeline = project.promote("codes.md", tool.name)
    folder = tool.folder(pipeline)
    tool.prepare(project, folder)
    count = 0
    for values in {}, CODES.values:
        expected = native(project, pipeline, values)
        tool.run(project, folder, values)
        count += same(tool.found(pipeline, folder), expected, project.path, f"{tool.name}, a secret")
    absent(project.top)
    del project.environment[VARIABLE]
    tool.forget_all(pipeline)
    result = tool.run(project, folder, {}, check=False)
    said = tool.log(result, folder)
    assert result.returncode != 0 and MISSING in said, f"{tool.name}, without the secret: {said}"
    return count
