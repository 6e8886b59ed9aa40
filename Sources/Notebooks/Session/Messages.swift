import Columnar
import Display
import Language
import Query

/// How many rows a frame has and what its columns are called, wherever its rows are.
struct FrameShape {
  var rowCount: Int
  var names: [String]

  init(_ frame: Frame) { (rowCount, names) = (frame.rowCount, frame.names) }

  /// Of a streamed plan that is settled.
  init(_ plan: LogicalPlan) {
    (rowCount, names) = (plan.streamedSource?.rowCount ?? 0, plan.schema.names)
  }

  /// `344 rows × 8 columns`
  var extent: String { Notebooks.extent(rows: rowCount, columns: names.count) }

  func facts(_ name: String) -> [Fact] {
    [
      Fact("name", .string(name)), Fact("rows", .int(Int64(rowCount))),
      Fact("columns", .int(Int64(names.count))),
    ]
  }
}

/// The one line that a binding prints.
extension Message {
  /// `heavy  172 rows × 8 columns · 172 of 344 rows kept`
  static func bound(
    _ name: String, _ frame: FrameShape, report: ExecutionReport?, replaces previous: Value?
  ) -> Message {
    var parts = [frame.extent]
    parts.append(contentsOf: report?.footer ?? [])
    return Message(
      subject: name, text: parts.joined(separator: " · "),
      aside: previous == nil ? nil : "replaces the former \(name)", kind: "binding",
      facts: frame.facts(name))
  }

  /// `penguins  172 of 344 rows kept · 170 false · 2 null`
  static func rebound(
    _ name: String, from before: FrameShape, to after: FrameShape, report: ExecutionReport?
  ) -> Message {
    var parts = report?.footer ?? []
    if before.rowCount != after.rowCount, parts.isEmpty {
      parts.append(
        "\(grouped(before.rowCount)) → \(grouped(after.rowCount)) "
          + "row\(after.rowCount == 1 ? "" : "s")")
    }
    let known = Set(before.names)
    let new = after.names.filter { !known.contains($0) }
    let kept = Set(after.names)
    let gone = before.names.filter { !kept.contains($0) }
    if !new.isEmpty { parts.append("new \(new.joined(separator: ", "))") }
    if !gone.isEmpty { parts.append("without \(gone.joined(separator: ", "))") }
    if parts.isEmpty { parts.append(after.extent) }
    return Message(
      subject: name, text: parts.joined(separator: " · "), aside: "undo brings it back",
      kind: "binding", facts: after.facts(name))
  }

  static func bound(_ name: String, _ scalar: Scalar) -> Message {
    Message(
      subject: name, text: scalar.literal, kind: "binding",
      facts: [
        Fact("name", .string(name)), Fact("type", .string(scalar.type?.rawValue ?? "null")),
        Fact("value", JSONValue(scalar)),
      ])
  }
}

/// `344 rows × 8 columns`
package func extent(rows: Int, columns: Int) -> String {
  "\(grouped(rows)) row\(rows == 1 ? "" : "s") × "
    + "\(grouped(columns)) column\(columns == 1 ? "" : "s")"
}

extension LogicalPlan {
  /// `50,000,000 rows × 9 columns · streamed`: of a streamed plan that is bound.
  package var streamedExtent: String { FrameShape(self).extent + " · streamed" }
}

extension Frame {
  /// `344 rows × 8 columns`
  package var extent: String { Notebooks.extent(rows: rowCount, columns: columns.count) }
}

extension Scalar {
  /// A scalar as what a line shows.
  var report: Report {
    Report(
      kind: "scalar", title: [text],
      facts: [
        Fact("type", .string(type?.rawValue ?? "null")), Fact("value", JSONValue(self)),
      ])
  }
}
