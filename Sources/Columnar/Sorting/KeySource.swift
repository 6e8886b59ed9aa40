/// Reads rows of a column as unsigned integers in the order of their values.
protocol KeySource: Sendable {
  /// Unlike values have unlike keys, and a lesser value has a lesser key. Of no meaning for null.
  func key(_ row: Int) -> UInt64
}

/// SAFETY: the rows asked for must be in bounds. The buffer is never written, and kept alive here;
/// its base is at hand so that loops do not look it up again.
struct IntegerKeys<Element: FixedWidthInteger & BitwiseCopyable & Sendable>: KeySource,
  @unchecked Sendable
{
  private let buffer: Buffer<Element>
  private let base: UnsafeMutablePointer<Element>

  init(buffer: Buffer<Element>) {
    self.buffer = buffer
    base = buffer.base
  }

  func key(_ row: Int) -> UInt64 {
    UInt64(bitPattern: Int64(truncatingIfNeeded: base[row])) ^ (1 << 63)
  }
}

/// SAFETY: as of `IntegerKeys`.
struct FloatKeys: KeySource, @unchecked Sendable {
  private let buffer: Buffer<Double>
  private let base: UnsafeMutablePointer<Double>

  init(buffer: Buffer<Double>) {
    self.buffer = buffer
    base = buffer.base
  }

  func key(_ row: Int) -> UInt64 { FloatKeys.key(base[row]) }

  /// The bits of a float in the order of the floats; -0 is 0.
  static func key(_ value: Double) -> UInt64 {
    let bits = (value + 0.0).bitPattern
    return bits ^ (UInt64(bitPattern: Int64(bitPattern: bits) >> 63) | 1 << 63)
  }

  /// The float whose key is `key`.
  static func value(_ key: UInt64) -> Double {
    Double(bitPattern: key >> 63 == 1 ? key ^ (1 << 63) : ~key)
  }
}

/// Texts by the places of their entries among the sorted ones.
///
/// SAFETY: as of `IntegerKeys`, and the ranks must be as many as the dictionary's entries and at
/// least one.
struct CodeKeys<Code: FixedWidthInteger & BitwiseCopyable & Sendable>: KeySource,
  @unchecked Sendable
{
  private let codes: Buffer<Code>
  private let ranks: Buffer<UInt32>
  private let codeBase: UnsafeMutablePointer<Code>
  private let rankBase: UnsafeMutablePointer<UInt32>

  init(codes: Buffer<Code>, ranks: Buffer<UInt32>) {
    self.codes = codes
    self.ranks = ranks
    codeBase = codes.base
    rankBase = ranks.base
  }

  func key(_ row: Int) -> UInt64 {
    UInt64(rankBase[Int(truncatingIfNeeded: codeBase[row])])
  }
}

protocol KeyVisitor {
  associatedtype Output
  func visit(_ source: some KeySource) throws -> Output
}

extension Column {
  /// What the visitor makes of the column's keys. Plain text is dictionary-coded first.
  func visitKeys<Visitor: KeyVisitor>(_ visitor: Visitor) throws -> Visitor.Output {
    switch storage {
    case .int8(let buffer): return try visitor.visit(IntegerKeys(buffer: buffer))
    case .int16(let buffer): return try visitor.visit(IntegerKeys(buffer: buffer))
    case .int32(let buffer): return try visitor.visit(IntegerKeys(buffer: buffer))
    case .int64(let buffer): return try visitor.visit(IntegerKeys(buffer: buffer))
    case .float(let buffer): return try visitor.visit(FloatKeys(buffer: buffer))
    case .dictionary(let codes, let dictionary):
      let ranks = try dictionary.ranks
      switch codes {
      case .uint8(let codes): return try visitor.visit(CodeKeys(codes: codes, ranks: ranks))
      case .uint16(let codes): return try visitor.visit(CodeKeys(codes: codes, ranks: ranks))
      case .uint32(let codes): return try visitor.visit(CodeKeys(codes: codes, ranks: ranks))
      }
    case .text: return try dictionaryEncoded().visitKeys(visitor)
    }
  }
}
