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
        needs_image=False,
    ):
        self.name, self.runner, self.checks = name, runner, checks
        # Patterns of fields that are names of ours, with what stands before as a group; and those that
        # can be misspelt without notice.
        self.names, self.missed = names, set(missed)
        self.variables = variables or {}
        # Whether the program is fetched where there is none, and whether `promote` wants an image.
        self.fetches, self.needs_image = fetches, needs_image


ALL = [
    Service(
        "github-actions", service_runners.github,
        {"pipeline.yml": [
            misspelling.by_schema("--builtin-schema", "vendor.github-workflows"),
            misspelling.by_zizmor]},
        [r"^(jobs\.)[^.]+", r"(\.env\.)[^.]+$", r"^(on\.workflow_dispatch\.inputs\.)[^.]+"]),
    Service(
        "gitlab", service_runners.gitlab,
        {"pipeline.gitlab-ci.yml": [
            misspelling.by_schema(
                "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")]},
        [r"^()step-[^.]+", r"^()\.kaizen", r"(variables\.)[^.]+"],
        variables={"KAIZEN_IMAGE": IMAGE}),
    Service(
        "argo", cluster_runners.argo, {"pipeline.yaml": [misspelling.by_hera]},
        [r"^(data\.)[^.]+\.yaml$", r"(labels\.).+$"], fetches=False, needs_image=True),
    Service(
        "kubernetes", cluster_runners.kubernetes, {"pipeline.yaml": [misspelling.by_kubernetes]},
        [r"^(data\.)[^.]+\.yaml$", r"(labels\.).+$"], fetches=False, needs_image=True),
    Service("jenkins", service_runners.jenkins, {"Jenkinsfile": [misspelling.by_groovy]}),
    Service(
        "aws", aws_runner.aws,
        {"template.yaml": [misspelling.by_cfn_lint, misspelling.by_builds],
         "buildspec.yml": [misspelling.by_builds]},
        [r"^(Parameters\.)[^.]+", r"^(Resources\.)[^.]+", r"^(Outputs\.)[^.]+",
         r"(\.States\.)[^.]+", r"(\.DefinitionSubstitutions\.)[^.]+", r"^(env\.variables\.)[^.]+"]),
    Service(
        "gcp", service_runners.gcp,
        {"cloudbuild.yaml": [misspelling.by_schema("--builtin-schema", "vendor.cloudbuild")]},
        [r"^(substitutions\.)[^.]+"], variables={"_IMAGE": IMAGE, "_BUCKET": "bucket"}),
    Service(
        "azure-pipelines", service_runners.azure,
        {"azure-pipelines.yml": [
            misspelling.by_schema(
                "--builtin-schema", "vendor.azure-pipelines", "--regex-variant", "nonunicode",
                "--data-transform", "azure-pipelines")]},
        [r"(\.env\.)[^.]+$"]),
]
SERVICES = {service.name: service for service in ALL}
