import Display
import Notebooks
import Query

/// Where columns come from, as OpenLineage's facet of column lineage says it.
extension StepRecord {
  /// Takes down the lineage of what the step gave or wrote. A column of which it is not known is left
  /// out, and where it is known of none nothing is said. Files are named from `root`.
  mutating func trace(_ dataset: String, _ lineage: FrameLineage?, root: String) {
    guard let lineage, !lineage.columns.isEmpty else { return }
    let fields = lineage.columns.sorted { $0.key < $1.key }.map { column, origins in
      Fact(column, .object([Fact("inputFields", Self.fields(origins, root))]))
    }
    var facts = [Fact("fields", .object(fields))]
    if let rows = lineage.rows { facts.append(Fact("dataset", Self.fields(rows, root))) }
    lineages.removeAll { $0.dataset == dataset }
    lineages.append((dataset, .object(facts)))
    lineages.sort { $0.dataset < $1.dataset }
  }

  private static func fields(_ origins: FrameLineage.Origins, _ root: String) -> JSONValue {
    .array(
      origins.sorted { $0.key < $1.key }.map { field, uses in
        let dataset =
          field.dataset.hasPrefix("/") ? Path.relative(field.dataset, to: root) : field.dataset
        return .object([
          Fact("namespace", .string("file")), Fact("name", .string(dataset)),
          Fact("field", .string(field.column)),
          Fact(
            "transformations",
            .array(
              uses.sorted().map { use in
                .object([
                  Fact("type", .string(use.isDirect ? "DIRECT" : "INDIRECT")),
                  Fact("subtype", .string(use.kind.rawValue)),
                  Fact("masking", .bool(use.isMasked)),
                ])
              })),
        ])
      })
  }

  /// What a record has of it.
  static func lineages(_ json: JSONValue?) -> [(dataset: String, facet: JSONValue)] {
    guard case .object(let facts)? = json else { return [] }
    return facts.map { ($0.key, $0.value) }
  }
}

extension PipelineRun {
  /// Where the columns come from of what the step with a key gave, by dataset.
  func lineages(of key: String) -> [(dataset: String, facet: JSONValue)] {
    guard let text = try? readText(store.record(key)), let json = try? JSONValue.parse(text) else {
      return []
    }
    return StepRecord.lineages(json["column_lineage"])
  }
}
