/// Integers of any width as floats.
///
/// SAFETY: the buffer is never written, and kept alive here; its base is at hand so that loops do
/// not look it up again.
struct IntegerValues<Element: FixedWidthInteger & BitwiseCopyable & Sendable>: NumberSource,
  @unchecked Sendable
{
  private let buffer: Buffer<Element>
  private let base: UnsafeMutablePointer<Element>

  init(buffer: Buffer<Element>) {
    self.buffer = buffer
    base = buffer.base
  }

  func number(_ row: Int) -> Double { Double(Int64(truncatingIfNeeded: base[row])) }
}

/// Floats.
///
/// SAFETY: as of `IntegerValues`.
struct FloatValues: NumberSource, @unchecked Sendable {
  private let buffer: Buffer<Double>
  private let base: UnsafeMutablePointer<Double>

  init(buffer: Buffer<Double>) {
    self.buffer = buffer
    base = buffer.base
  }

  func number(_ row: Int) -> Double { base[row] }
}

/// Numbers by row.
///
/// SAFETY: the rows asked for must be in bounds.
protocol NumberSource: Sendable {
  func number(_ row: Int) -> Double
}

protocol NumberVisitor {
  associatedtype Output
  func visit<Source: NumberSource>(_ source: Source) throws -> Output
}

protocol IntegerVisitor {
  associatedtype Output
  func visit<Element: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ buffer: Buffer<Element>
  ) throws -> Output
}

extension Column {
  /// What the visitor makes of the integers of the column. Throws `type` if it has none.
  func visitIntegers<Visitor: IntegerVisitor>(_ visitor: Visitor) throws -> Visitor.Output {
    switch storage {
    case .int8(let buffer): try visitor.visit(buffer)
    case .int16(let buffer): try visitor.visit(buffer)
    case .int32(let buffer): try visitor.visit(buffer)
    case .int64(let buffer): try visitor.visit(buffer)
    case .float, .dictionary, .text:
      throw DataError(.typeMismatch, "\(type.rawValue) values are not integers")
    }
  }

  /// What the visitor makes of the column's numbers. Throws `type` for text.
  func visitNumbers<Visitor: NumberVisitor>(_ visitor: Visitor) throws -> Visitor.Output {
    switch storage {
    case .int8(let buffer): try visitor.visit(IntegerValues(buffer: buffer))
    case .int16(let buffer): try visitor.visit(IntegerValues(buffer: buffer))
    case .int32(let buffer): try visitor.visit(IntegerValues(buffer: buffer))
    case .int64(let buffer): try visitor.visit(IntegerValues(buffer: buffer))
    case .float(let buffer): try visitor.visit(FloatValues(buffer: buffer))
    case .dictionary, .text:
      throw DataError(.typeMismatch, "\(type.rawValue) values are not numbers")
    }
  }

  /// The numbers of an int, float, bool, date, datetime or duration column as floats, the nearest
  /// ones where an integer has more than 53 bits; 0 where null. Throws `type` for text.
  package func numbers() throws -> Buffer<Double> {
    struct Converter: IntegerVisitor {
      func visit<Element: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ buffer: Buffer<Element>
      ) throws -> Buffer<Double> {
        let numbers = try Buffer<Double>(count: buffer.count)
        try Workers.run(parts: Workers.partCount(buffer.count)) { part in
          // SAFETY: the part lies within both buffers.
          for row in Workers.part(part, of: buffer.count) {
            numbers.base[row] = Double(Int64(truncatingIfNeeded: buffer.base[row]))
          }
        }
        return numbers
      }
    }
    if case .float(let buffer) = storage { return buffer }
    return try visitIntegers(Converter())
  }
}
