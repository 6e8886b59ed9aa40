import Columnar
import Foundation
import TestSupport

@testable import Modeling

/// A bundled table, read plainly: quoted fields, empty is null, a column of numbers is float or int.
struct SmallTable {
  let names: [String]
  let columns: [Column]

  init(dataset name: String) throws {
    var records = SmallTable.records(try Project.text("datasets/\(name).csv"))
    names = records.removeFirst().map { $0 ?? "" }
    let width = names.count
    columns = try (0..<width).map { place in
      let cells = records.map {
        $0.count > place ? $0[place].flatMap { $0 == "NA" ? nil : $0 } : nil
      }
      let present = cells.compactMap { $0 }
      if present.allSatisfy({ Int64($0) != nil }) {
        return try Column.ints(cells.map { $0.flatMap { Int64($0) } })
      }
      if present.allSatisfy({ Double($0) != nil }) {
        return try Column.floats(cells.map { $0.flatMap { Double($0) } })
      }
      return try Column.texts(cells)
    }
  }

  subscript(name: String) -> Column { columns[names.firstIndex(of: name)!] }

  private static func records(_ text: String) -> [[String?]] {
    var records: [[String?]] = []
    var record: [String?] = []
    var field = ""
    var isQuoted = false
    var wasQuoted = false
    for character in text {
      switch character {
      case "\"":
        isQuoted.toggle()
        wasQuoted = true
      case "," where !isQuoted, "\n" where !isQuoted:
        record.append(field.isEmpty && !wasQuoted ? nil : field)
        field = ""
        wasQuoted = false
        if character == "\n" {
          records.append(record)
          record = []
        }
      default: field.append(character)
      }
    }
    return records
  }

  /// The term that a text of the formula language stands for: a name, `C(name)`, `poly(name, k)` or
  /// several joined by `:`.
  func term(_ text: String) -> ModelTerm {
    let parts = text.split(separator: ":").map(String.init)
    if parts.count > 1 {
      return ModelTerm(name: text, role: .interaction(parts.map { term($0) }))
    }
    if text.hasPrefix("C(") {
      return ModelTerm(name: text, role: .categorical(self[String(text.dropFirst(2).dropLast())]))
    }
    if text.hasPrefix("poly(") {
      let inside = text.dropFirst(5).dropLast().split(separator: ",")
      let degree = Int(inside[1].trimmingCharacters(in: .whitespaces))!
      return ModelTerm(name: text, role: .polynomial(self[String(inside[0])], degree: degree))
    }
    return ModelTerm(name: text, column: self[text])
  }

  func formula(
    _ response: String, _ terms: [String], hasIntercept: Bool = true
  ) -> ModelFormula {
    ModelFormula(
      text: "\(response) ~ \((hasIntercept ? [] : ["0"]) + terms)", responseName: response,
      response: self[response], terms: terms.map { term($0) }, hasIntercept: hasIntercept)
  }

  /// The columns a model asks for.
  func inputs(of model: FittedModel) -> [Column] { model.inputNames.map { term($0).column! } }
}

/// How far `value` is from `expected`, relative to the latter.
func relativeError(_ value: Double?, _ expected: Double?) -> Double {
  switch (value, expected) {
  case (nil, nil): return 0
  case (let value?, let expected?):
    if value == expected { return 0 }
    return abs(value - expected) / max(abs(expected), .leastNormalMagnitude)
  default: return .infinity
  }
}
