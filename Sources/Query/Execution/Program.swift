import Columnar
import Language

/// An expression with the columns of one frame put in: what runs over its batches.
indirect enum Program: Sendable {
  case constant(Vector)
  case column(Column)
  /// A part that depends on one dictionary-coded column only, computed once an entry.
  case table(EntryTable)
  case apply(Kernel, [Program])
  /// The right side runs on the rows that the left leaves open.
  case and(Program, Program, rightIsTotal: Bool)
  case or(Program, Program, rightIsTotal: Bool)
  /// A part that is not total runs on the rows that choose it, and on no others.
  case choice([Arm], otherwise: Program, otherwiseIsTotal: Bool)

  struct Arm: Sendable {
    var condition: Program
    var value: Program
    var conditionIsTotal: Bool
    var valueIsTotal: Bool
  }

  /// Puts the columns of `frame` into `expression`.
  init(_ expression: TypedExpr, on frame: Frame, isLifting: Bool = true) throws {
    if isLifting, let table = try EntryTable(lifting: expression, on: frame) {
      self = .table(table)
      return
    }
    func part(_ child: TypedExpr) throws -> Program {
      try Program(child, on: frame, isLifting: isLifting)
    }
    switch expression.kind {
    case .constant(let value):
      self = .constant(try Vector.constant(value, type: expression.type ?? .float))
    case .column(let name):
      guard let column = frame[name] else {
        throw DataError(.unknownColumn, "no column `\(name)`")
      }
      self = .column(column)
    case .apply(let operation, let arguments):
      self = .apply(operation.kernel, try arguments.map(part))
    case .and(let left, let right):
      self = .and(try part(left), try part(right), rightIsTotal: right.isTotal)
    case .or(let left, let right):
      self = .or(try part(left), try part(right), rightIsTotal: right.isTotal)
    case .choice(let arms, let otherwise):
      let parts = try arms.map { arm in
        Arm(
          condition: try part(arm.condition), value: try part(arm.value),
          conditionIsTotal: arm.condition.isTotal, valueIsTotal: arm.value.isTotal)
      }
      self = .choice(
        parts, otherwise: try part(otherwise), otherwiseIsTotal: otherwise.isTotal)
    case .aggregate, .window:
      throw DataError(.invalidValue, "an aggregate stands where only rows are known")
    }
  }

  /// The values of the rows in `range`, which begins at a multiple of 64.
  ///
  /// Rows that are 0 in `active` count as null, so that nothing fails for their sake.
  func run(
    _ range: Range<Int>, _ context: inout KernelContext, active: [UInt64]? = nil
  ) throws -> Vector {
    switch self {
    case .constant(let vector): return vector.masked(active, context.count)
    case .column(let column): return column.vector(range).masked(active, context.count)
    case .table(let table): return table.vector(range).masked(active, context.count)
    case .apply(let kernel, let arguments):
      var vectors: [Vector] = []
      vectors.reserveCapacity(arguments.count)
      for argument in arguments {
        vectors.append(try argument.run(range, &context, active: active))
      }
      return try kernel(vectors, &context)
    case .and(let left, let right, let isTotal):
      let first = try left.run(range, &context, active: active)
      let open =
        isTotal ? active : Validity.both(active, first.packed(where: { $0 != 0 }, context.count))
      return try Logic.and([first, try right.run(range, &context, active: open)], &context)
    case .or(let left, let right, let isTotal):
      let first = try left.run(range, &context, active: active)
      let open =
        isTotal ? active : Validity.both(active, first.packed(where: { $0 != 1 }, context.count))
      return try Logic.or([first, try right.run(range, &context, active: open)], &context)
    case .choice(let arms, let otherwise, let isTotal):
      return try choose(arms, otherwise, isTotal, range, &context, active)
    }
  }

  /// The values of the rows of one batch, whose notes are added to `notes`.
  func run(_ rows: Range<Int>, noting notes: SharedNotes) throws -> Vector {
    var context = KernelContext(firstRow: rows.lowerBound, count: rows.count)
    let vector = try run(rows, &context)
    notes.add(context.notes)
    return vector
  }

  private func choose(
    _ arms: [Arm], _ otherwise: Program, _ otherwiseIsTotal: Bool, _ range: Range<Int>,
    _ context: inout KernelContext, _ active: [UInt64]?
  ) throws -> Vector {
    // From the first arm to the last, then folded back from the end.
    var open = active
    var taken: [(condition: [UInt8], value: Vector)] = []
    for arm in arms {
      let chosen = try arm.condition.run(
        range, &context, active: arm.conditionIsTotal ? active : open
      ).certain(context.count)
      let mask = Validity.packed(chosen, context.count)
      let value = try arm.value.run(
        range, &context,
        active: arm.valueIsTotal ? active : Validity.both(open, mask))
      taken.append((chosen, value))
      open = Validity.both(open, mask.map { ~$0 })
    }
    var result = try otherwise.run(range, &context, active: otherwiseIsTotal ? active : open)
    for (condition, value) in taken.reversed() {
      result = Logic.select(condition, value, result, context.count)
    }
    return result
  }
}

extension Vector {
  /// The vector with null where a bit of `active` is 0.
  fileprivate func masked(_ active: [UInt64]?, _ count: Int) -> Vector {
    guard let active else { return self }
    var vector = self
    let words = Bitmap.wordCount(count)
    vector.validity = Validity.both(
      validity.map { Array($0.prefix(words)) }, Array(active.prefix(words)))
    return vector
  }

  /// Set where the row is null or `condition` holds for its bool.
  fileprivate func packed(where condition: (UInt8) -> Bool, _ count: Int) -> [UInt64] {
    let flags = bools
    var words = [UInt64](repeating: 0, count: Bitmap.wordCount(count))
    for row in 0..<count where isNull(row) || condition(flags[row]) {
      words[row >> 6] |= 1 << UInt64(row & 63)
    }
    return words
  }
}
