"""What AWS would do, as far as moto has it: the state machine is run, builds are run here."""

import json
import logging
import shutil
import time
from unittest import mock

import yaml

# What AWS documents for a buildspec, as far as such files use it.
BUILDSPEC = {
    "": {"version", "env", "phases", "cache", "artifacts"}, "env": {"variables", "secrets-manager"},
    "phases": {"install", "pre_build", "build", "post_build"}, "cache": {"paths"},
    "pre_build": {"commands"}, "build": {"commands"}, "post_build": {"commands"},
}


def problem(document):
    """What is wrong with a buildspec or with what the states of a template give CodeBuild, which moto
    and cfn-lint do not look at: held against the model of StartBuild in botocore. None if nothing is."""
    if "phases" not in document and "Resources" not in document:
        return "what is this?"
    if "Resources" not in document:
        sections = {"": document, **document, **document["phases"]}
        for name, known in BUILDSPEC.items():
            if unknown := set(sections.get(name, {})) - known:
                return f"{name}: {unknown}"
        if document["version"] != 0.2 or not all(
            isinstance(phase.get("commands"), list) for phase in document["phases"].values()):
            return "no commands"
        return None
    for resource in document["Resources"].values():
        definition = resource.get("Properties", {}).get("Definition", {})
        for name, state in definition.get("States", {}).items():
            if state.get("Type") == "Task" and (found := problem_of_build(state.get("Parameters"))):
                return f"{name}: {found}"
    return None


def problem_of_build(given):
    import botocore.session
    from botocore.validate import ParamValidator

    def small(value):
        """As in the model, where names begin with a small letter; `NAME.$` is filled in later."""
        if isinstance(value, dict):
            return {
                key[:1].lower() + key[1:].removesuffix(".$"): small(inner)
                for key, inner in value.items()}
        return [small(inner) for inner in value] if isinstance(value, list) else value

    model = botocore.session.get_session().get_service_model("codebuild")
    report = ParamValidator().validate(
        small(given or {}), model.operation_model("StartBuild").input_shape)
    return report.generate_report() or None


def aws(run, folder, variables):
    """The state machine is run by moto; each build that it starts runs the commands of the build."""
    import boto3
    from moto import mock_aws

    # It says of every failure of a state what it is, at length.
    logging.getLogger("moto").setLevel(logging.CRITICAL)
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
        state_task_service_unsupported as unsupported)
    from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import (
        StatesErrorName)
    from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
        StatesErrorNameType)
    from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
        FailureEvent, FailureEventException)
    from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
    from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails

    resources = yaml.safe_load((folder / "template.yaml").read_text())["Resources"]
    project = resources["Project"]["Properties"]
    buildspec = run.project.path / project["Source"]["BuildSpec"]
    assert buildspec == folder / "buildspec.yml", buildspec
    spec = yaml.safe_load(buildspec.read_text())
    machine = json.dumps(resources["StateMachine"]["Properties"]["Definition"])
    machine = machine.replace("${Project}", "project")
    bucket = run.top / "bucket"
    bucket.mkdir()

    assert not problem(spec), problem(spec)

    def build(given):
        assert not problem_of_build(given), problem_of_build(given)
        assert given["ProjectName"] == "project"
        work = run.checkout(run.top / "work")
        environment = {
            **variables, "BUCKET": str(bucket), **spec["env"]["variables"],
            **{key: run.secrets.get(name, "")
               for key, name in spec["env"].get("secrets-manager", {}).items()},
            **{each["Name"]: each["Value"] for each in given["EnvironmentVariablesOverride"]}}
        good = True
        for phase in ("pre_build", "build", "post_build"):
            if phase == "build" and not good:
                break
            for command in spec["phases"][phase]["commands"]:
                environment["CODEBUILD_BUILD_SUCCEEDING"] = str(int(good))
                if not run.shell(["sh"], command, work, environment):
                    good = False
                    break
        name = environment["NAME"]
        run.found.append(bucket / "runs" / environment["RUN"] / name)
        shutil.rmtree(work)
        (run.done if good else run.failed).append(name)
        return good

    def task(self, env, resource_runtime_part, normalised_parameters, state_credentials):
        # moto knows no builds: here they are. A build that fails is this error of Step Functions.
        assert self.resource.resource_arn.endswith("codebuild:startBuild.sync")
        if not build(normalised_parameters):
            raise FailureEventException(FailureEvent(
                env=env, error_name=StatesErrorName(StatesErrorNameType.StatesTaskFailed),
                event_type=HistoryEventType.TaskFailed,
                event_details=EventDetails(taskFailedEventDetails=TaskFailedEventDetails(
                    error="States.TaskFailed", cause="the build failed",
                    resource="startBuild.sync", resourceType="codebuild"))))
        env.stack.append({"Build": {"BuildStatus": "IN_PROGRESS"}})

    def ended(self, env, resource_runtime_part, normalised_parameters, state_credentials):
        return lambda: {"Build": {"BuildStatus": "SUCCEEDED"}}

    service = unsupported.StateTaskServiceUnsupported
    patterns = unsupported._SUPPORTED_INTEGRATION_PATTERNS | {unsupported.ResourceCondition.Sync}
    with (
        mock.patch.object(service, "_eval_service_task", task),
        mock.patch.object(service, "_build_sync_resolver", ended),
        mock.patch.object(unsupported, "_SUPPORTED_INTEGRATION_PATTERNS", patterns),
    ):
        with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
            client = boto3.client(
                "stepfunctions", region_name="eu-west-1", aws_access_key_id="x",
                aws_secret_access_key="x")
            arn = client.create_state_machine(
                name="machine", definition=machine,
                roleArn="arn:aws:iam::123456789012:role/machine")["stateMachineArn"]
            given = {"parameters": run.parameters} if run.parameters else {}
            execution = client.start_execution(
                stateMachineArn=arn, name="run-7", input=json.dumps(given))["executionArn"]
            for _ in range(1200):
                status = client.describe_execution(executionArn=execution)["status"]
                if status != "RUNNING":
                    break
                time.sleep(0.1)
            run.said += f"the state machine: {status}\n"
            assert (status == "SUCCEEDED") == (not run.failed), f"{status}: {run.said}"
