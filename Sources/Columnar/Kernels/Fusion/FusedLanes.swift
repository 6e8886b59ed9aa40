/// What a fused expression computes with: floats, or ints that are known to fit.
protocol FusedLane: BitwiseCopyable, Sendable {
  static func add(_ a: Self, _ b: Self) -> Self
  static func subtract(_ a: Self, _ b: Self) -> Self
  static func multiply(_ a: Self, _ b: Self) -> Self
  static func divide(_ a: Self, _ b: Self) -> Self
  static func isZero(_ a: Self) -> Bool
  static func lane<Element: FixedWidthInteger>(_ value: Element) -> Self
  /// The float itself; ints have no floats among them, and this is of no meaning.
  static func lane(float: Double) -> Self
  static var readsFloats: Bool { get }
  /// The constant, if the node is one.
  static func constant(_ node: FusedNode) -> Self?
}

extension Double: FusedLane {
  static func add(_ a: Double, _ b: Double) -> Double { a + b }
  static func subtract(_ a: Double, _ b: Double) -> Double { a - b }
  static func multiply(_ a: Double, _ b: Double) -> Double { a * b }
  static func divide(_ a: Double, _ b: Double) -> Double { a / b }
  static func isZero(_ a: Double) -> Bool { a == 0 }
  static func lane<Element: FixedWidthInteger>(_ value: Element) -> Double { Double(value) }

  static func lane(float: Double) -> Double { float }
  static var readsFloats: Bool { true }

  static func constant(_ node: FusedNode) -> Double? {
    switch node {
    case .float(let value): value
    case .converted(.int(let value)): Double(value)
    default: nil
    }
  }
}

/// Ints of an expression whose bounds fit 32 bits: no operation on them can overflow.
extension Int32: FusedLane {
  static func add(_ a: Int32, _ b: Int32) -> Int32 { a &+ b }
  static func subtract(_ a: Int32, _ b: Int32) -> Int32 { a &- b }
  static func multiply(_ a: Int32, _ b: Int32) -> Int32 { a &* b }
  static func divide(_ a: Int32, _ b: Int32) -> Int32 { a }
  static func isZero(_ a: Int32) -> Bool { false }
  static func lane<Element: FixedWidthInteger>(_ value: Element) -> Int32 {
    Int32(truncatingIfNeeded: value)
  }
  static func lane(float: Double) -> Int32 { 0 }
  static var readsFloats: Bool { false }

  static func constant(_ node: FusedNode) -> Int32? {
    if case .int(let value) = node { Int32(exactly: value) } else { nil }
  }
}

/// Ints of an expression whose bounds fit 64 bits.
extension Int64: FusedLane {
  static func add(_ a: Int64, _ b: Int64) -> Int64 { a &+ b }
  static func subtract(_ a: Int64, _ b: Int64) -> Int64 { a &- b }
  static func multiply(_ a: Int64, _ b: Int64) -> Int64 { a &* b }
  static func divide(_ a: Int64, _ b: Int64) -> Int64 { a }
  static func isZero(_ a: Int64) -> Bool { false }
  static func lane<Element: FixedWidthInteger>(_ value: Element) -> Int64 {
    Int64(truncatingIfNeeded: value)
  }
  static func lane(float: Double) -> Int64 { 0 }
  static var readsFloats: Bool { false }

  static func constant(_ node: FusedNode) -> Int64? {
    if case .int(let value) = node { value } else { nil }
  }
}

extension FusedNode {
  /// How its blocks are made; nil if the lanes do not suit it.
  func block<Lane: FusedLane>(_ lane: Lane.Type) -> FusedBlock<Lane>? {
    if let value = Lane.constant(self) {
      return { rows, output, _ in
        output.update(repeating: value, count: rows.count)
        return false
      }
    }
    switch self {
    case .int, .float: return nil
    case .column(let column): return Lane.block(column)
    case .converted(let part):
      // Narrow ints are converted as they are read; others would lose what they overflow by.
      guard case .column(let column) = part else { return nil }
      return Lane.block(column)
    case .arithmetic(let symbol, let left, let right):
      guard let first = left.block(lane) else { return nil }
      switch symbol {
      case .add: return Lane.block(first, right, FusedAddition.self)
      case .subtract: return Lane.block(first, right, FusedSubtraction.self)
      case .multiply: return Lane.block(first, right, FusedMultiplication.self)
      case .divide: return Lane.quotients(first, right)
      }
    }
  }
}

extension FusedLane {
  fileprivate static func block(_ column: Column) -> FusedBlock<Self>? {
    func read<Element: FixedWidthInteger & BitwiseCopyable & Sendable>(
      _ buffer: Buffer<Element>
    ) -> FusedBlock<Self> {
      return { rows, output, _ in
        let source = buffer.base + rows.lowerBound
        for place in 0..<rows.count { output[place] = lane(source[place]) }
        return false
      }
    }
    switch column.storage {
    case .int8(let buffer): return read(buffer)
    case .int16(let buffer): return read(buffer)
    case .int32(let buffer): return read(buffer)
    case .int64(let buffer): return read(buffer)
    case .float(let buffer):
      guard readsFloats else { return nil }
      return { rows, output, _ in
        let source = buffer.base + rows.lowerBound
        for place in 0..<rows.count { output[place] = lane(float: source[place]) }
        return false
      }
    case .dictionary, .text: return nil
    }
  }

  /// `first` with the operation applied to it and the node. A column or a constant is read right
  /// there.
  fileprivate static func block<Operation: FusedOperation>(
    _ first: @escaping FusedBlock<Self>, _ node: FusedNode, _ operation: Operation.Type
  ) -> FusedBlock<Self>? {
    func read<Element: FixedWidthInteger & BitwiseCopyable & Sendable>(
      _ buffer: Buffer<Element>
    ) -> FusedBlock<Self> {
      return { rows, output, room in
        let isSuspect = first(rows, output, room)
        let source = buffer.base + rows.lowerBound
        for place in 0..<rows.count {
          output[place] = Operation.apply(output[place], lane(source[place]))
        }
        return isSuspect
      }
    }
    if let value = constant(node) {
      return { rows, output, room in
        let isSuspect = first(rows, output, room)
        for place in 0..<rows.count { output[place] = Operation.apply(output[place], value) }
        return isSuspect
      }
    }
    switch node.columnStorage {
    case .int8(let buffer): return read(buffer)
    case .int16(let buffer): return read(buffer)
    case .int32(let buffer): return read(buffer)
    case .float(let buffer) where readsFloats:
      return { rows, output, room in
        let isSuspect = first(rows, output, room)
        let source = buffer.base + rows.lowerBound
        for place in 0..<rows.count {
          output[place] = Operation.apply(output[place], lane(float: source[place]))
        }
        return isSuspect
      }
    default: break
    }
    guard let second = node.block(Self.self) else { return nil }
    return { rows, output, room in
      let isSuspect = first(rows, output, room)
      let isAlsoSuspect = second(rows, room, room + Vector.batchSize)
      for place in 0..<rows.count {
        output[place] = Operation.apply(output[place], room[place])
      }
      return isSuspect || isAlsoSuspect
    }
  }

  /// Quotients; a divisor of 0 makes the block suspect.
  fileprivate static func quotients(
    _ first: @escaping FusedBlock<Self>, _ node: FusedNode
  ) -> FusedBlock<Self>? {
    guard let second = node.block(Self.self) else { return nil }
    return { rows, output, room in
      let isSuspect = first(rows, output, room)
      let isAlsoSuspect = second(rows, room, room + Vector.batchSize)
      var zeros: UInt8 = 0
      for place in 0..<rows.count {
        zeros |= isZero(room[place]) ? 1 : 0
        output[place] = divide(output[place], room[place])
      }
      return isSuspect || isAlsoSuspect || zeros != 0
    }
  }
}

/// An operation that loops are made for, one for each of them.
private protocol FusedOperation: SendableMetatype {
  static func apply<Lane: FusedLane>(_ a: Lane, _ b: Lane) -> Lane
}

private enum FusedAddition: FusedOperation {
  static func apply<Lane: FusedLane>(_ a: Lane, _ b: Lane) -> Lane { Lane.add(a, b) }
}

private enum FusedSubtraction: FusedOperation {
  static func apply<Lane: FusedLane>(_ a: Lane, _ b: Lane) -> Lane { Lane.subtract(a, b) }
}

private enum FusedMultiplication: FusedOperation {
  static func apply<Lane: FusedLane>(_ a: Lane, _ b: Lane) -> Lane { Lane.multiply(a, b) }
}

extension FusedNode {
  /// The storage of a column, converted or not.
  fileprivate var columnStorage: Storage? {
    switch self {
    case .column(let column), .converted(.column(let column)): column.storage
    default: nil
    }
  }
}
