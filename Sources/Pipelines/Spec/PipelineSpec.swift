import Columnar
import Notebooks

/// A pipeline as `pipeline.yaml` says it: steps, what passes between them, and parameters.
package struct PipelineSpec: Sendable {
  /// What passes from one step to others.
  package struct Artifact: Sendable {
    package enum Kind: Sendable {
      /// A table, with the names and types of its columns.
      case frame(Schema)
      /// One value.
      case scalar(DataType)
      case model
    }

    /// The name it is bound to in programs.
    package var name: String
    package var kind: Kind
    /// The step that makes it.
    package var step: String

    package init(name: String, kind: Kind, step: String) {
      self.name = name
      self.kind = kind
      self.step = step
    }

    /// Unique in the pipeline: a name that is bound again later is another artifact.
    package var id: String { "\(step).\(name)" }
  }

  package struct Step: Sendable {
    package var id: String
    /// What it does, for readers: `read`, `check`, `fit`, `gate`, `export`, `transform`.
    package var kind: String
    /// Lines of the language.
    package var program: String
    /// Ids of artifacts that are bound before the program runs.
    package var needs: [String]
    /// Names that are kept after it has run.
    package var gives: [String]
    /// Files read and written, relative to the root.
    package var inputs: [String]
    package var outputs: [String]
    /// Ids of steps that must be done before, besides those that make what it needs.
    package var after: [String]
    /// How often it is tried again after exit status 75.
    package var retries: Int
    /// Seconds after which it is ended; nil for no limit.
    package var timeout: Double?

    package init(
      id: String, kind: String, program: String, needs: [String], gives: [String],
      inputs: [String], outputs: [String], after: [String] = [], retries: Int = 0,
      timeout: Double? = nil
    ) {
      self.id = id
      self.kind = kind
      self.program = program
      self.needs = needs
      self.gives = gives
      self.inputs = inputs
      self.outputs = outputs
      self.after = after
      self.retries = retries
      self.timeout = timeout
    }
  }

  package var name: String
  /// The notebook it was promoted from, relative to the root.
  package var source: String
  /// What paths in programs are relative to; itself relative to the file's folder.
  package var root: String
  package var parameters: [Parameter]
  /// When orchestrators run it; nil for never by themselves.
  package var schedule: Schedule?
  package var artifacts: [Artifact]
  /// In an order in which each comes after what it needs.
  package var steps: [Step]

  package init(
    name: String, source: String, root: String, parameters: [Parameter], artifacts: [Artifact],
    steps: [Step], schedule: Schedule? = nil
  ) {
    self.name = name
    self.source = source
    self.root = root
    self.parameters = parameters
    self.artifacts = artifacts
    self.steps = steps
    self.schedule = schedule
  }
}

extension PipelineSpec {
  /// The artifacts that a step needs, in that order.
  package func needed(by step: Step) -> [Artifact] {
    step.needs.compactMap { need in artifacts.first { $0.id == need } }
  }

  /// The artifacts that a step gives, in that order.
  package func given(by step: Step) -> [Artifact] {
    step.gives.compactMap { name in
      artifacts.first { $0.step == step.id && $0.name == name }
    }
  }
}
