import Language

/// The orchestrators that `target=` knows.
package enum Targets {
  /// In the order in which they are written; names are unique.
  package static let all: [any PipelineTarget.Type] = [
    MakeTarget.self, DVCTarget.self, SnakemakeTarget.self, AirflowTarget.self, KFPTarget.self,
    DockerTarget.self, GitHubActionsTarget.self, GitLabTarget.self, ArgoTarget.self,
    KubernetesTarget.self, JenkinsTarget.self, AWSTarget.self, GCPTarget.self, AzureTarget.self,
  ]

  package static var names: [String] { all.map { $0.name } }

  /// Those that words name, in the order of the registry. Throws `usage` with the names there are.
  package static func named(_ words: [String]) throws -> [any PipelineTarget.Type] {
    for word in words where !names.contains(word) {
      throw Diagnostic(
        .usage, "there is no target `\(word)`",
        label: nearest(word, among: names + [native]).map { "did you mean `\($0)`?" },
        notes: ["targets: \((names + [native]).joined(separator: ", "))"])
    }
    return all.filter { words.contains($0.name) }
  }

  /// What stands for no target besides pipeline.yaml itself.
  package static let native = "native"
}
