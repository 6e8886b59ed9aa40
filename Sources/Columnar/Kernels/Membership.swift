/// Whether values are among those of a list: `in`, over batches.
package struct Membership: Sendable {
  fileprivate enum Members: Sendable {
    /// So few that a look at each is cheapest.
    case few([Int64])
    case ints(NumberSet)
    /// By their bits, without a negative zero.
    case floats(NumberSet)
    case texts(TextIndex)
  }

  private let members: Members
  private let containsNull: Bool

  private init(_ members: Members, containsNull: Bool) {
    self.containsNull = containsNull
    if case .ints(let set) = members, set.count <= 8 {
      self.members = .few(set.values.map { Int64(bitPattern: $0) }.sorted())
    } else {
      self.members = members
    }
  }

  /// A list of constants of one type; a null among them stands for null rows.
  package init(_ values: [Scalar], type: DataType) {
    var members: Members
    switch type {
    case .text:
      var texts = TextIndex()
      for case .text(var text) in values {
        text.withUTF8 { _ = texts.insert($0) }
      }
      members = .texts(texts)
    case .float:
      var floats = NumberSet()
      for number in values.compactMap(\.number) { floats.insert(Self.bits(number)) }
      members = .floats(floats)
    default:
      var ints = NumberSet()
      for value in values {
        let number: Int64? =
          switch value {
          case .int(let number), .datetime(let number): number
          case .bool(let flag): flag ? 1 : 0
          case .date(let days): type == .datetime ? Calendar.datetime(days) : Int64(days)
          case .duration(let length): length.microseconds
          default: nil
          }
        if let number { ints.insert(UInt64(bitPattern: number)) }
      }
      members = .ints(ints)
    }
    self.init(members, containsNull: values.contains(.null))
  }

  /// The values of a column that are not null, as `type`: the column's own, or the wider one of
  /// numbers or times.
  package init(_ column: Column, type: DataType) throws {
    var members: Members =
      switch type {
      case .text: .texts(TextIndex())
      case .float: .floats(NumberSet())
      default: .ints(NumberSet())
      }
    for start in stride(from: 0, to: column.count, by: Vector.batchSize) {
      try Cancellation.check()
      let vector = column.vector(start..<min(start + Vector.batchSize, column.count))
      members.insert(vector, areDays: column.type == .date && type == .datetime)
    }
    self.init(members, containsNull: false)
  }

  fileprivate static func bits(_ number: Double) -> UInt64 { number == 0 ? 0 : number.bitPattern }

  package func apply(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let count = context.count
    var result: [UInt8]
    switch members {
    case .few(let list):
      result = [UInt8](repeating: 0, count: count)
      let values = v[0].ints
      for member in list {
        result = elementwise(result, values, count) { $0 | ($1 == member ? 1 : 0) }
      }
    case .ints(let set):
      result = elementwise(v[0].ints, count) { set.contains(UInt64(bitPattern: $0)) ? 1 : 0 }
    case .floats(let set):
      result = elementwise(v[0].floats, count) { set.contains(Self.bits($0)) ? 1 : 0 }
    case .texts(let set):
      result = elementwise(v[0].texts.views, count) { set.contains($0) ? 1 : 0 }
    }
    guard containsNull, let validity = v[0].validity else {
      return Vector(.bools(result), validity: v[0].validity)
    }
    for row in 0..<count where !Validity.isSet(validity, row) { result[row] = 1 }
    return Vector(.bools(result))
  }
}

extension Membership.Members {
  /// Adds what is not null; days become midnights where `areDays`.
  fileprivate mutating func insert(_ vector: Vector, areDays: Bool) {
    switch self {
    case .texts(var set):
      self = .few([])
      for (row, text) in vector.texts.views.enumerated() where !vector.isNull(row) {
        _ = set.insert(text)
      }
      self = .texts(set)
    case .floats(var set):
      self = .few([])
      for (row, number) in vector.floats.enumerated() where !vector.isNull(row) {
        set.insert(Membership.bits(number))
      }
      self = .floats(set)
    case .ints(var set):
      self = .few([])
      for (row, number) in vector.ints.enumerated() where !vector.isNull(row) {
        // A day too far away for a time has none that it could be the same as.
        let value = areDays ? Int32(exactly: number).flatMap(Calendar.datetime) : number
        if let value { set.insert(UInt64(bitPattern: value)) }
      }
      self = .ints(set)
    case .few: break
    }
  }
}

/// A set of 64-bit numbers: an open-addressing table in which 0 is a free slot and stands beside it.
struct NumberSet: Sendable {
  private var slots = [UInt64](repeating: 0, count: 64)
  private var stored = 0
  private var hasZero = false

  var count: Int { stored + (hasZero ? 1 : 0) }

  /// In no particular order.
  var values: [UInt64] { slots.filter { $0 != 0 } + (hasZero ? [0] : []) }

  @inline(__always)
  private static func hash(_ number: UInt64) -> Int {
    let product = number.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return Int(truncatingIfNeeded: product.high ^ product.low)
  }

  mutating func insert(_ number: UInt64) {
    guard number != 0 else {
      hasZero = true
      return
    }
    if Self.store(number, in: &slots) { stored += 1 }
    guard stored * 2 > slots.count else { return }
    var larger = [UInt64](repeating: 0, count: slots.count * 2)
    for known in slots where known != 0 { _ = Self.store(known, in: &larger) }
    slots = larger
  }

  /// Whether it was new.
  private static func store(_ number: UInt64, in slots: inout [UInt64]) -> Bool {
    let mask = slots.count - 1
    var place = hash(number) & mask
    while slots[place] != 0 {
      if slots[place] == number { return false }
      place = (place + 1) & mask
    }
    slots[place] = number
    return true
  }

  @inline(__always)
  func contains(_ number: UInt64) -> Bool {
    if number == 0 { return hasZero }
    let mask = slots.count - 1
    var place = Self.hash(number) & mask
    while slots[place] != 0 {
      if slots[place] == number { return true }
      place = (place + 1) & mask
    }
    return false
  }
}
