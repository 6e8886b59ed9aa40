"""The services, how their files are checked, and what of a misspelt file no check notices."""

import hashlib

import aws_runner
import cluster_runners
import misspelling
import service_runners

IMAGE = "registry.example/kaizen@sha256:" + hashlib.sha256(b"an image").hexdigest()


class Service:
    image = IMAGE

    def __init__(
        self, name, runner, checks, names=(), missed=(), variables=None, fetches=True,
        needs_image=False, refused=(),
    ):
        self.name, self.runner, self.checks = name, runner, checks
        # Patterns of fields that are names of ours, with what stands before as a group; and those that
        # can be misspelt without notice.
        self.names, self.missed = names, set(missed)
        self.variables = variables or {}
        # Whether the program is fetched where there is none, and whether `promote` wants an image.
        self.fetches, self.needs_image = fetches, needs_image
        # What may not stand in the name of the pipeline's folder, and what `promote` says of it.
        self.refused = refused


GITLAB = misspelling.by_schema(
    "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")
# Names of objects of Kubernetes that are ours, or any.
KUBERNETES = [
    r"^(data\.)[^.]+\.yaml$", r"(labels\.).+$", r"(resources\.(?:limits|requests)\.)[^.]+$"]

ALL = [
    Service(
        "github-actions", service_runners.github,
        {"pipeline.yml": [
            misspelling.by_schema("--builtin-schema", "vendor.github-workflows"),
            misspelling.by_zizmor, misspelling.by_actions]},
        [r"^(jobs\.)[^.]+", r"(\.env\.)[^.]+$", r"^(on\.workflow_dispatch\.inputs\.)[^.]+"]),
    Service(
        "gitlab", service_runners.gitlab,
        {"pipeline.gitlab-ci.yml": [GITLAB, misspelling.by_merged_jobs(GITLAB)]},
        [r"^()step-[^.]+", r"^()\.kaizen", r"(variables\.)[^.]+"],
        ["pipeline.gitlab-ci.yml: *.cache.key", "pipeline.gitlab-ci.yml: *.cache.paths"],
        variables={"KAIZEN_IMAGE": IMAGE}),
    Service(
        "argo", cluster_runners.argo, {"pipeline.yaml": [misspelling.by_hera]},
        KUBERNETES, fetches=False, needs_image=True,
        refused=("{{", "Argo fills in")),
    Service(
        "kubernetes", cluster_runners.kubernetes, {"pipeline.yaml": [misspelling.by_kubernetes]},
        KUBERNETES, fetches=False, needs_image=True),
    Service("jenkins", service_runners.jenkins, {"Jenkinsfile": [misspelling.by_groovy]},
        [r"KAIZEN_[A-Z]+"]),
    Service(
        "aws", aws_runner.aws,
        {"template.yaml": [misspelling.by_cfn_lint, misspelling.by_builds],
         "buildspec.yml": [misspelling.by_builds]},
        [r"^(Parameters\.)[^.]+", r"^(Resources\.)[^.]+", r"^(Outputs\.)[^.]+",
         r"(\.States\.)[^.]+", r"(\.DefinitionSubstitutions\.)[^.]+", r"^(env\.variables\.)[^.]+"],
        ["template.yaml: Resources.*.Properties.AssumeRolePolicyDocument.Statement.[].Principal.Service",
         "template.yaml: Resources.*.Properties.Definition.States.*.Choices.[].Variable"]),
    Service(
        "gcp", service_runners.gcp,
        {"cloudbuild.yaml": [
            misspelling.by_schema("--builtin-schema", "vendor.cloudbuild"),
            misspelling.by_strict_schema("cloudbuild")]},
        [r"^(substitutions\.)[^.]+"], variables={"_IMAGE": IMAGE, "_BUCKET": "bucket"}),
    Service(
        "azure-pipelines", service_runners.azure,
        {"azure-pipelines.yml": [
            misspelling.by_schema(
                "--builtin-schema", "vendor.azure-pipelines", "--regex-variant", "nonunicode",
                "--data-transform", "azure-pipelines")]},
        [r"(\.env\.)[^.]+$"], ["azure-pipelines.yml: pool.vmImage"]),
]
SERVICES = {service.name: service for service in ALL}
