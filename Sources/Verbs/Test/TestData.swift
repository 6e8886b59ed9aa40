import Columnar
import Language
import Modeling
import Notebooks
import Query

/// The columns of a test without the rows that have a null in one of them.
struct TestData {
  let names: [String]
  let columns: [Column]
  let leftOut: Int

  var count: Int { columns.first?.count ?? 0 }

  init(_ columns: [(name: String, column: Column)]) throws {
    names = columns.map(\.name)
    var validity: Bitmap?
    for column in columns {
      validity = try Bitmap.intersection(validity, column.column.validity)
    }
    let all = columns.first?.column.count ?? 0
    if let validity {
      self.columns = try columns.map { try $0.column.filter(validity) }
      leftOut = all - (self.columns.first?.count ?? 0)
    } else {
      self.columns = columns.map(\.column)
      leftOut = 0
    }
  }

  /// The values of a column. Throws `value` for an infinite one.
  func values(_ index: Int) throws -> [Double] {
    guard columns.indices.contains(index) else { return [] }
    let numbers = try columns[index].numbers()
    var values: [Double] = []
    values.reserveCapacity(count)
    for row in 0..<count {
      if row & 65_535 == 0 { try Cancellation.check() }
      let value = numbers.base[row]
      guard value.isFinite else {
        throw DataError(
          .invalidValue, "`\(names[index])` holds an infinite value, which a test cannot weigh",
          hints: ["filter is_finite(…) leaves it out"])
      }
      values.append(value)
    }
    return values
  }

  /// The values of the first column by those of the second, in their order.
  func grouped() throws -> [(label: String, values: [Double])] {
    let all = try values(0)
    return try rowsByGroup().map { label, rows in (label, rows.map { all[$0] }) }
  }

  /// The rows of each value of the last column.
  func rowsByGroup() throws -> [(label: String, rows: [Int])] {
    guard let last = columns.last else { return [] }
    let grouping = try Grouping(keys: [last], rowCount: count)
    let segments = try grouping.segments
    return (0..<grouping.groupCount).map { group in
      let rows = segments.rows.elements[segments.range(group)].map { Int($0) }
      return (last[Int(grouping.firstRows[group])].text, rows)
    }
  }
}

extension TestVerb {
  /// The columns of the items and the groups.
  func data(_ frame: Frame, numeric: Bool = true) throws -> TestData {
    var columns: [(name: String, column: Column)] = []
    for item in items {
      let column = try call.column(item, of: frame)
      if numeric { try requireNumber(column, item) }
      columns.append(column)
    }
    for item in groups { columns.append(try call.column(item, of: frame)) }
    return try TestData(columns)
  }

  private func requireNumber(_ column: (name: String, column: Column), _ item: Item) throws {
    let type = column.column.type
    guard !type.isNumeric, type != .duration else { return }
    guard kind != .proportion || type != .bool else { return }
    throw Diagnostic(
      .type,
      kind == .proportion
        ? "`test proportion` needs a condition, and `\(column.name)` is \(type.rawValue)"
        : "`test \(kind.rawValue)` needs numbers, and `\(column.name)` is \(type.rawValue)",
      span: item.value.span, label: type.rawValue,
      notes: type == .text || type == .bool
        ? [
          kind == .proportion ? "as `sex == \"male\"`" : "counts are tested by chi2 and proportion"
        ]
        : [])
  }

  /// The two groups of a test of two.
  func twoGroups(
    _ all: [(label: String, values: [Double])]
  ) throws -> (first: (label: String, values: [Double]), second: (label: String, values: [Double]))
  {
    if all.count == 2 { return (all[0], all[1]) }
    let other: String? =
      switch kind {
      case .t: "anova"
      case .mannwhitney: "kruskal"
      default: nil
      }
    let name = groups.first.map { Language.print($0.value) } ?? ""
    var diagnostic = Diagnostic(
      .value,
      "`test \(kind.rawValue)` compares two groups, and `\(name)` has \(all.count)",
      span: groups.first?.value.span,
      label: all.prefix(5).map(\.label).joined(separator: ", ") + (all.count > 5 ? ", …" : ""))
    if all.count > 2 {
      diagnostic.notes.append("`where` chooses two of them")
      if let other, let word = call.words.first {
        diagnostic.correction = Diagnostic.Correction(word.span, other)
      }
    }
    throw diagnostic
  }
}
