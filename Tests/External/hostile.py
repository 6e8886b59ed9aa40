"""A notebook in which everything is called like code: its file and folder, title, headings, sources,
frames, columns, parameters with their values, and the files that it writes."""

import shutil
import subprocess

from projects import ROOT, Project

# What shells, templates and formats would take for more than text.
TEXTS = [
    "a'b \"c\" `touch pwned` $(touch pwned) ; touch pwned # & | > pwned",
    "${{ vars.X }} ${HOME} {{ 7*7 }} {{workflow.name}} {% raw %} {wildcard} %(s)s $$ $(Build.Id) $x \\",
    "- *a &b !c %d @e: f ? | > [g] {h}, null #i",
    "one\ntouch pwned\n\ttwo\r\u2028three\n::set-output name=x::y\n##vso[task.complete]\n---\n...",
    "ab" * 100,
]
# Behind a value: what a service would fill in or a shell would run.
EVIL = " 'x' $(touch pwned) `touch pwned` ${HOME} ${{ vars.X }} $(System.AccessToken) %24 {{ x }} \\"
# What the notebook and the pipeline's folder are called, and whether other values are used than those
# of promotion.
TURNS = [((0, 1, 2), (1, 4), False), ((3, 4), (3, 0), True)]


def escaped(text, quote):
    for mark in "\\", quote:
        text = text.replace(mark, "\\" + mark)
    return quote + text.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r") + quote


def literal(text):
    return escaped(text, '"')


def name(text):
    return escaped(text, "`")


def file_name(text, *ending):
    """As a file may be called: anything but `/`, and not too long."""
    return text.replace("/", "").encode()[:200].decode(errors="ignore") + "".join(ending)


def lines(notebook):
    """The lines that are typed."""
    found = []
    for place, text in enumerate(TEXTS):
        found.append(
            f"param {name('p' + text)} = {literal(TEXTS[place - 1])} doc={literal(TEXTS[place - 2])}")
    found.append(f"param plain = {literal(' '.join(TEXTS))}")
    found += ["# # " + " ".join(text.splitlines()[0] for text in TEXTS)]
    for text in TEXTS:
        found.append(f"load {literal(file_name(text, '.csv'))} as {name('f' + text)}")
    found += [
        f"check {name('f' + TEXTS[3])}: count() == 150",
        f"# ## step: {TEXTS[0]}",
        f"m = {name('f' + TEXTS[0])} | fit ols sepal_length ~ petal_length",
        f"gate m on {name('f' + TEXTS[1])}: r2 >= 0",
        f"# ## step: {TEXTS[2]}",
    ]
    for text in TEXTS:
        found.append(
            f"{name('b' + text)} = {name('f' + text)} | filter sepal_length > 7 | "
            f"derive {name('c' + text)} = ${name('p' + text)}, plain = $plain")
    for text in TEXTS:
        found.append(f"export {name('b' + text)} {literal(file_name('out ' + text, '.csv'))}")
    found += [f"export m {literal(file_name(TEXTS[1], '.kzm'))}", f"save {literal(notebook)}"]
    return "\n".join(found) + "\n"


def others():
    """Other values of the parameters."""
    found = {"p" + text: TEXTS[place - 3] + EVIL for place, text in enumerate(TEXTS)}
    return {**found, "plain": EVIL.join(TEXTS)}


def projects(kaizen, make=Project):
    """For each turn a project with the notebook saved in it, the notebook, a folder for the pipeline,
    and values of parameters."""
    for notebook, folder, with_others in TURNS:
        project = make(kaizen)
        try:
            for text in TEXTS:
                shutil.copy(
                    ROOT / "datasets" / "iris.csv", project.path / file_name(text, ".csv"))
            file = "./" + file_name(" ".join(TEXTS[place] for place in notebook), ".md")
            script = project.top / "lines.kz"
            script.write_text(lines(file), newline="")
            with script.open() as typed:
                result = subprocess.run(
                    ["kaizen"], cwd=project.path, stdin=typed, env=project.environment,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            assert result.returncode == 0, result.stdout
            place = "./" + file_name("p " + " ".join(TEXTS[place] for place in folder))
            yield project, file, place, others() if with_others else {}
            run = [path for path in project.top.rglob("*") if path.name == "pwned"]
            assert not run, f"something was run: {run}"
        finally:
            project.remove()
