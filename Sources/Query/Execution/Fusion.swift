import Columnar
import Synchronization

extension FusedNode {
  /// The expression over the columns of `frame`; nil if a part of it is no arithmetic of numbers.
  init?(_ expression: TypedExpr, on frame: Frame) {
    switch expression.kind {
    case .constant(.int(let value)) where expression.type == .int: self = .int(value)
    case .constant(.float(let value)) where expression.type == .float: self = .float(value)
    case .constant(.int(let value)) where expression.type == .float:
      self = .converted(.int(value))
    case .column(let name):
      guard let column = frame[name], column.type == .int || column.type == .float,
        column.type == expression.type
      else { return nil }
      self = .column(column)
    case .apply(let operation, let arguments):
      let types = arguments.map(\.type)
      if operation.name == "float", types == [.int], expression.type == .float {
        guard let part = FusedNode(arguments[0], on: frame) else { return nil }
        self = .converted(part)
        return
      }
      guard let symbol = FusedOperator(rawValue: operation.name), let type = expression.type,
        type == .float || type == .int && symbol != .divide, types == [type, type],
        let left = FusedNode(arguments[0], on: frame),
        let right = FusedNode(arguments[1], on: frame)
      else { return nil }
      self = .arithmetic(symbol, left, right)
    default: return nil
    }
  }
}

extension FusedCondition {
  /// The condition over the columns of `frame`; nil if a part of it is of another kind.
  init?(_ expression: TypedExpr, on frame: Frame) throws {
    if let table = try EntryTable(lifting: expression, on: frame), let fused = table.condition {
      self = fused
      return
    }
    switch expression.kind {
    case .and(let left, let right):
      guard let (first, second) = try FusedCondition.certain(left, right, on: frame) else {
        return nil
      }
      self = .and(first, second)
    case .or(let left, let right):
      guard let (first, second) = try FusedCondition.certain(left, right, on: frame) else {
        return nil
      }
      self = .or(first, second)
    case .apply(let operation, let arguments):
      if operation.name == "not", arguments.count == 1,
        let condition = try FusedCondition(arguments[0], on: frame)
      {
        self = .not(condition)
        return
      }
      let types = arguments.map(\.type)
      guard let comparison = Comparison(rawValue: operation.name),
        types == [.int, .int] || types == [.float, .float],
        let left = FusedNode(arguments[0], on: frame),
        let right = FusedNode(arguments[1], on: frame)
      else { return nil }
      self = .comparison(comparison, left, right)
    default: return nil
    }
  }

  /// Both conditions, if neither can be null.
  private static func certain(
    _ left: TypedExpr, _ right: TypedExpr, on frame: Frame
  ) throws -> (FusedCondition, FusedCondition)? {
    guard let first = try FusedCondition(left, on: frame), !first.isNullable,
      let second = try FusedCondition(right, on: frame), !second.isNullable
    else { return nil }
    return (first, second)
  }
}

/// Notes that batches on several threads add to.
final class SharedNotes: Sendable {
  private let notes = Mutex(EvaluationNotes())

  var total: EvaluationNotes { notes.withLock { $0 } }

  func add(_ part: EvaluationNotes) { notes.withLock { $0 += part } }
}
