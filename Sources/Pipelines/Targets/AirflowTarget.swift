import Notebooks

/// Airflow: a task a step, which runs the command without a shell. Exit status 75 is retried, every
/// other failure ends the run of the DAG.
package enum AirflowTarget: PipelineTarget {
  package static let name = "airflow"

  package static func verification(of wiring: Wiring) -> Verification {
    Verification(
      level: .executed,
      commands: [
        .init("airflow", "db", "migrate", environment: environment),
        .init("airflow", "dags", "test", identifier(wiring.spec.name), environment: environment),
      ],
      install: "pip install apache-airflow",
      proves: "airflow dags test ran every task in the order of the DAG",
      limits:
        "the scheduler and remote workers: they need the pipeline's folder on a file system that "
        + "they share, and write access to it. One run at a time: what passes between steps lies in "
        + "`artifacts/`, and a run replaces that of the run before")
  }

  private static let environment = [
    (name: "AIRFLOW_HOME", value: "$PWD/.airflow"),
    (name: "AIRFLOW__CORE__DAGS_FOLDER", value: "$PWD"),
    (name: "AIRFLOW__CORE__LOAD_EXAMPLES", value: "False"),
  ]

  package static func files(for wiring: Wiring) throws -> [GeneratedFile] {
    let spec = wiring.spec
    let command = wiring.command("STEP").prefix { $0 != "--parameters" }.dropFirst()
      .map { $0 == "STEP" ? "step" : Python.text($0) }
    var lines = [
      "# \(wiring.comment(spec.name)): made by promote. Put this folder where Airflow looks for DAGs.",
      "import os",
      "import subprocess",
      "from datetime import datetime, timedelta, timezone",
      "from pathlib import Path",
      "",
      "try:  # Airflow 3",
      "    from airflow.sdk import DAG, Param",
      "    from airflow.sdk.exceptions import AirflowException, AirflowFailException",
      "except ImportError:",
      "    from airflow.exceptions import AirflowException, AirflowFailException",
      "    try:",
      "        from airflow.sdk import DAG, Param",
      "    except ImportError:  # Airflow 2",
      "        from airflow import DAG",
      "        from airflow.models.param import Param",
      "",
      "try:",
      "    from airflow.providers.standard.operators.python import PythonOperator",
      "except ImportError:",
      "    from airflow.operators.python import PythonOperator",
      "",
      "HERE = Path(__file__).resolve().parent",
      "",
      "",
      "def run(step, params):",
      "    \"\"\"Runs a step, without a shell; what it says goes to the log of the task.\"\"\"",
      "    command = [os.environ.get(\"KAIZEN\", \"kaizen\"), \(command.joined(separator: ", "))]",
      "    for name, value in params.items():",
      "        spelled = str(value).lower() if isinstance(value, bool) else str(value)",
      "        command += [\"-p\", name + \"=\" + spelled]",
      "    process = subprocess.Popen(",
      "        command, cwd=HERE, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,",
      "        stderr=subprocess.STDOUT, text=True, errors=\"replace\")",
      "    reason = \"\"",
      "    for line in process.stdout:",
      "        print(line, end=\"\", flush=True)",
      "        if line.startswith(\"error[\"):",
      "            reason = \": \" + line.strip()",
      "    status = process.wait()",
      "    if status == 75:",
      "        raise AirflowException(f\"step {step} asks to be tried again{reason}\")",
      "    if status != 0:",
      "        raise AirflowFailException(f\"step {step} ended with exit status {status}{reason}\")",
      "",
      "",
      "with DAG(",
      "    dag_id=\(Python.text(identifier(spec.name))),",
      "    description=\(Python.text(wiring.comment(spec.name))),",
      "    start_date=datetime(2024, 1, 1, tzinfo=timezone.utc),",
      "    schedule=\(spec.schedule.map { Python.text($0.text) } ?? "None"),",
      "    catchup=False,",
      "    max_active_runs=1,",
      "    default_args={\"retry_delay\": timedelta(seconds=10)},",
      "    params={",
    ]
    for parameter in spec.parameters {
      let about =
        parameter.documentation.map { ", description=\(Python.text(wiring.comment($0)))" } ?? ""
      lines.append(
        "        \(Python.text(parameter.name)): Param(\(Python.text(parameter.typed)), "
          + "type=[\"string\", \"number\", \"boolean\"]\(about)),")
    }
    lines += ["    },", ") as dag:"]
    for step in spec.steps { lines += task(step) }
    lines.append("")
    for step in spec.steps {
      let before = spec.dependencies(of: step)
      if before.isEmpty { continue }
      lines.append(
        "    [\(before.map(LegalName.variable).joined(separator: ", "))] >> \(LegalName.variable(step.id))"
      )
    }
    return [GeneratedFile(path: "dag.py", lines: lines)]
  }

  private static func task(_ step: PipelineSpec.Step) -> [String] {
    var lines = [
      "    \(LegalName.variable(step.id)) = PythonOperator(",
      "        task_id=\(Python.text(step.id)),",
      "        python_callable=run,",
      "        op_kwargs={\"step\": \(Python.text(step.id))},",
    ]
    if step.retries > 0 { lines.append("        retries=\(step.retries),") }
    if let timeout = step.timeout {
      // Kaizen ends the step in time, and says so; this is for what does not heed it.
      lines.append(
        "        execution_timeout=timedelta(seconds=\(Int(timeout.rounded(.up)) + 30)),")
    }
    return lines + ["    )"]
  }

  private static func identifier(_ name: String) -> String {
    LegalName.of(name, others: "_-", limit: 200)
  }
}
