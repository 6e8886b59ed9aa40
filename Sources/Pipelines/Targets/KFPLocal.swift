extension KFPTarget {
  /// Runs the pipeline on this machine.
  static func local(_ spec: PipelineSpec) -> GeneratedFile {
    let odd = spec.parameters.filter { spec.key(of: $0) != $0.name }
    return GeneratedFile(
      path: "local.py",
      lines: [
        "\"\"\"local.py [NAME=VALUE …]: runs pipeline.yaml on this machine, to try it.",
        "",
        "KFP's local runner runs Python only and refuses commands of containers, since it has no",
        "container for them. These need none but `kaizen` on the PATH: the refusal is lifted.",
        "\"\"\"",
        "",
        "import sys",
        "from pathlib import Path",
        "",
        "import yaml",
        "from google.protobuf import json_format",
        "from kfp import local",
        "from kfp.local import pipeline_orchestrator, subprocess_task_handler",
        "from kfp.pipeline_spec import pipeline_spec_pb2",
        "",
        "HERE = Path(__file__).resolve().parent",
        "# Names of parameters that KFP does not take, and what they are called there.",
        "KEYS = {",
      ] + odd.map { "    \(Python.text($0.name)): \(Python.text(spec.key(of: $0)))," } + [
        "}",
        "",
        "subprocess_task_handler.SubprocessTaskHandler.validate_not_container_component = (",
        "    lambda self, full_command: None)",
        "with open(HERE / \"pipeline.yaml\", encoding=\"utf-8\") as file:",
        "    specification, _ = yaml.safe_load_all(file)",
        "spec = pipeline_spec_pb2.PipelineSpec()",
        "json_format.ParseDict(specification, spec)",
        "local.init(",
        "    runner=local.SubprocessRunner(use_venv=False), pipeline_root=str(HERE / \"local\"),",
        "    raise_on_error=True)",
        "arguments = {\"pipeline_yaml\": str(HERE.parents[1] / \"pipeline.yaml\")}",
        "for word in sys.argv[1:]:",
        "    if \"{{$\" in word:",
        "        sys.exit(f\"KFP fills in what stands behind `{{{{$`: {word}\")",
        "    name = max(",
        "        (name for name in KEYS if word.startswith(name + \"=\")), key=len,",
        "        default=word.split(\"=\", 1)[0])",
        "    arguments[KEYS.get(name, name)] = word[len(name) + 1:]",
        "pipeline_orchestrator.run_local_pipeline(spec, arguments)",
      ])
  }
}
