import Columnar
import Language

/// What `densify` asks for.
package struct DensifyRequest: Sendable {
  package var keys: [Name]
  /// Combinations are made within each group of these.
  package var groups: [Name]
  /// How far apart the values of the last key are; nil where they are those that occur.
  package var step: (value: Scalar, span: Span)?
  package var span: Span

  package init(keys: [Name], groups: [Name], step: (value: Scalar, span: Span)?, span: Span) {
    self.keys = keys
    self.groups = groups
    self.step = step
    self.span = span
  }
}

extension LogicalPlan {
  /// The rows, and one more for each combination of keys that none of them has, by groups and keys.
  /// What there is to combine depends on the rows, so what comes before runs at once. A null makes no
  /// combination.
  package func densified(_ request: DensifyRequest) throws -> LogicalPlan {
    let names = request.groups + request.keys
    var seen: Set<String> = []
    for name in names {
      guard schema[name.text] != nil else {
        throw Scope(schema: schema).unknownColumn(name.text, span: name.span)
      }
      guard seen.insert(name.text).inserted else {
        throw Diagnostic(.duplicateName, "`\(name.text)` is given twice", span: name.span)
      }
    }
    let step = try request.checkedStep(schema)
    let (frame, report) = try Execution.run(self)
    let absent: Frame
    do {
      let made = try Combinations(of: frame, request, step).rows()
      let keys = names.map { JoinRequest.Key(left: $0, right: $0, span: $0.span) }
      let join = JoinRequest(
        rightName: Name("rows", request.span), keys: keys, kind: .matching(.anti),
        span: request.span)
      let rows = LogicalPlan.frame(frame.projected(names.map(\.text)), label: "rows")
      absent = try Execution.run(
        try LogicalPlan.frame(made, label: "combinations").joined(with: rows, join)
      ).0
    } catch {
      throw Diagnostic(error, span: request.span)
    }
    var source = Source(frame, label: "rows")
    source.report = report
    source.report.remarks.append(
      "\(Diagnostic.grouped(absent.rowCount)) \(absent.rowCount == 1 ? "row" : "rows") added")
    let order = names.map { name in
      OrderKey(value: .column(name.text, type: schema[name.text] ?? .int, span: name.span))
    }
    return .sort(.append(.source(source), .frame(absent, label: "combinations")), order)
  }
}

extension DensifyRequest {
  /// From one value to the next.
  fileprivate enum Step {
    case number(Int64)
    case months(Int32)
  }

  /// The step, checked against the last key's type: whole numbers for int, whole days or months for
  /// dates, any length for datetimes.
  fileprivate func checkedStep(_ schema: Schema) throws(Diagnostic) -> Step? {
    guard let (value, span) = step, let key = keys.last, let type = schema[key.text] else {
      return nil
    }
    func refuse(_ label: String) -> Diagnostic {
      Diagnostic(
        .type, "`\(key.text)` is \(type.rawValue), and `step` does not fit it", span: span,
        label: label)
    }
    let day: Int64 = 86_400_000_000
    switch (type, value) {
    case (.int, .int(let number)):
      guard number > 0 else { throw refuse("above 0") }
      return .number(number)
    case (.date, .duration(let length)), (.datetime, .duration(let length)):
      if length.microseconds == 0, length.months > 0 { return .months(length.months) }
      guard length.months == 0, length.microseconds > 0 else { throw refuse("as 1d or 1mo") }
      if type == .datetime { return .number(length.microseconds) }
      guard length.microseconds % day == 0 else { throw refuse("whole days or months") }
      return .number(length.microseconds / day)
    case (.int, _): throw refuse("a whole number, as step=1")
    case (.date, _), (.datetime, _): throw refuse("a duration, as step=1d")
    default: throw refuse("steps are of whole numbers, dates and datetimes")
    }
  }
}

/// Every combination of the values of keys, group by group.
private struct Combinations {
  /// More than that is a mistake rather than a table.
  private static let limit = 100_000_000

  let frame: Frame
  let names: [String]
  let groups: [Column]
  /// The lowest row of each group that has no null among its keys.
  var groupRows: [UInt32] = []
  var values: [Values] = []

  /// The values of one key in each group.
  enum Values {
    /// Rows that have them, those of a group one behind the other.
    case rows([UInt32], starts: [Int])
    /// From the least value of each group on, a step after the other.
    case steps(first: [Int64], counts: [Int], DensifyRequest.Step)
  }

  init(of frame: Frame, _ request: DensifyRequest, _ step: DensifyRequest.Step?) throws {
    self.frame = frame
    names = (request.groups + request.keys).map(\.text)
    groups = request.groups.compactMap { frame[$0.text] }
    let grouping = try Grouping(keys: groups, rowCount: frame.rowCount)
    guard frame.rowCount > 0 else { return }
    // The number of each group among those without a null.
    var numbers: [Int?] = []
    for group in 0..<grouping.groupCount {
      let row = grouping.firstRows[group]
      let isWhole = groups.allSatisfy { !$0.isNull(Int(row)) }
      numbers.append(isWhole ? groupRows.count : nil)
      if isWhole { groupRows.append(row) }
    }
    let ids = try grouping.ids
    for (place, key) in request.keys.enumerated() {
      guard let column = frame[key.text] else { continue }
      if let step, place == request.keys.count - 1 {
        values.append(try steps(column, step, ids, numbers))
      } else {
        values.append(try distinct(column, ids, numbers))
      }
    }
  }

  private func distinct(
    _ column: Column, _ ids: Buffer<UInt32>, _ numbers: [Int?]
  ) throws -> Values {
    // Groups of groups and key come by group, as the groups themselves do.
    let inner = try Grouping(keys: groups + [column], rowCount: frame.rowCount)
    var rows: [UInt32] = []
    var starts = [Int](repeating: 0, count: groupRows.count + 1)
    for place in 0..<inner.groupCount {
      let row = inner.firstRows[place]
      guard !column.isNull(Int(row)), let group = numbers[Int(ids[Int(row)])] else { continue }
      rows.append(row)
      starts[group + 1] = rows.count
    }
    for group in 1..<starts.count where starts[group] == 0 { starts[group] = starts[group - 1] }
    return .rows(rows, starts: starts)
  }

  private func steps(
    _ column: Column, _ step: DensifyRequest.Step, _ ids: Buffer<UInt32>, _ numbers: [Int?]
  ) throws -> Values {
    var lower = [Int64](repeating: .max, count: groupRows.count)
    var upper = [Int64](repeating: .min, count: groupRows.count)
    for start in stride(from: 0, to: column.count, by: Vector.batchSize) {
      try Cancellation.check()
      let batch = column.vector(start..<min(start + Vector.batchSize, column.count))
      for (offset, value) in batch.ints.enumerated() where !batch.isNull(offset) {
        guard let group = numbers[Int(ids[start + offset])] else { continue }
        lower[group] = min(lower[group], value)
        upper[group] = max(upper[group], value)
      }
    }
    var counts: [Int] = []
    for (low, high) in zip(lower, upper) {
      counts.append(try low > high ? 0 : Self.count(low, high, step, column.type))
    }
    return .steps(first: lower, counts: counts, step)
  }

  /// How many steps go from one value up to another, the first counted.
  private static func count(
    _ low: Int64, _ high: Int64, _ step: DensifyRequest.Step, _ type: DataType
  ) throws -> Int {
    switch step {
    case .number(let width):
      let (distance, overflow) = high.subtractingReportingOverflow(low)
      guard !overflow, distance / width < limit else { throw tooMany }
      return Int(distance / width) + 1
    case .months:
      var count = 1
      while let next = value(low, count, step, type), next <= high { count += 1 }
      return count
    }
  }

  private static let tooMany = DataError(
    .invalidValue, "there would be more than \(limit) combinations",
    hints: ["a wider `step`, or fewer keys"])

  /// The value so many steps on; nil beyond the calendar.
  private static func value(
    _ first: Int64, _ number: Int, _ step: DensifyRequest.Step, _ type: DataType
  ) -> Int64? {
    switch step {
    case .number(let width):
      let (way, isFar) = width.multipliedReportingOverflow(by: Int64(number))
      let (value, overflow) = first.addingReportingOverflow(way)
      return isFar || overflow ? nil : value
    case .months(let months):
      guard let way = Int32(exactly: number).map({ months.multipliedReportingOverflow(by: $0) }),
        !way.overflow
      else { return nil }
      if type == .date {
        return Int32(exactly: first).flatMap { Calendar.adding(months: way.partialValue, to: $0) }
          .map { Int64($0) }
      }
      let (days, time) = Calendar.split(first)
      return Calendar.adding(months: way.partialValue, to: days).flatMap(Calendar.datetime)
        .flatMap { midnight in
          let (value, overflow) = midnight.addingReportingOverflow(time)
          return overflow ? nil : value
        }
    }
  }

  /// How many values a key has in a group.
  private func count(_ values: Values, _ group: Int) -> Int {
    switch values {
    case .rows(_, let starts): starts[group + 1] - starts[group]
    case .steps(_, let counts, _): counts[group]
    }
  }

  /// A row for each combination, the last key running fastest.
  func rows() throws -> Frame {
    var total = 0
    for group in groupRows.indices {
      var size = 1
      for key in values {
        let (product, overflow) = size.multipliedReportingOverflow(by: count(key, group))
        guard !overflow, product <= Self.limit else { throw Self.tooMany }
        size = product
      }
      total += size
      guard total <= Self.limit else { throw Self.tooMany }
    }
    if total == 0 { return try frame.projected(names).slice(0..<0) }
    var columns: [Column] = []
    for column in groups { columns.append(try column.take(try sources(of: nil, total))) }
    for (place, key) in values.enumerated() {
      guard let column = frame[names[groups.count + place]] else { continue }
      switch key {
      case .rows: columns.append(try column.take(try sources(of: place, total)))
      case .steps(let first, _, let step):
        let numbers = try Buffer<Int64>(count: total)
        // SAFETY: rows are below the number of combinations, which is the buffer's length.
        try forEach(place) { row, group, number in
          // A step that is counted is within the calendar.
          numbers.base[row] = Self.value(first[group], number, step, column.type) ?? first[group]
        }
        columns.append(
          try Column(type: column.type, storage: .int64(numbers)).canonical(limit: 0))
      }
    }
    return Frame(names: names, columns: columns)
  }

  /// For each combination the row that has the value of a key, or for none that of its group.
  private func sources(of place: Int?, _ total: Int) throws -> Buffer<UInt32> {
    let rows = try Buffer<UInt32>(count: total)
    // SAFETY: rows are below the number of combinations, which is the buffer's length.
    try forEach(place) { row, group, number in
      guard let place, case .rows(let known, let starts) = values[place] else {
        rows.base[row] = groupRows[group]
        return
      }
      rows.base[row] = known[starts[group] + number]
    }
    return rows
  }

  /// Calls `body` with each combination's row, group and number of the value of a key; rows are below
  /// the number of combinations, each once.
  private func forEach(
    _ place: Int?, _ body: (_ row: Int, _ group: Int, _ number: Int) throws -> Void
  ) throws {
    var row = 0
    for group in groupRows.indices {
      try Cancellation.check()
      let counts = values.map { count($0, group) }
      let size = counts.reduce(1, *)
      // How many combinations follow one another with one value of the key.
      let run = place.map { counts[($0 + 1)...].reduce(1, *) } ?? 1
      let radix = place.map { counts[$0] } ?? 1
      for index in 0..<size {
        if index & 16_383 == 0 { try Cancellation.check() }
        try body(row, group, radix == 0 ? 0 : index / max(run, 1) % radix)
        row += 1
      }
    }
  }
}
