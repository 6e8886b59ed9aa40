import Columnar
import Synchronization

/// Room for the columns, in which each chunk's values are written where they stay, so that most are
/// not copied when all rows are there: of text its codes, which become those of the whole column in
/// their places.
///
/// A column's place is for the type and of the layout of whichever piece asks first. A piece that
/// does not fit, since its values are wider or of another type, or since more rows came than were
/// expected, lies in the memory of its thread.
final class ColumnPlaces: Sendable {
  private struct Place {
    let type: DataType
    let storage: Storage
  }

  private let plan: ChunkPlan
  private let starts: ChunkSums
  /// The rows that there is room for; 0 until a chunk had some.
  private let room = Atomic<Int>(0)
  private let places: Mutex<[Place?]>

  /// Chunks of a file that is worth it.
  private static let fewestChunks = 4

  /// Nil for files of few chunks, and where not all rows are wanted.
  init?(_ columnCount: Int, _ plan: ChunkPlan) {
    guard plan.count >= Self.fewestChunks, plan.rowLimit == nil else { return nil }
    self.plan = plan
    starts = ChunkSums(count: plan.count)
    places = Mutex(Array(repeating: nil, count: columnCount))
  }

  /// Ends all waiting for chunks that failed.
  func abandon() { starts.abandon() }

  /// The rows of a chunk that has `count` of them, once the chunks before it have been counted; nil if
  /// one of those failed.
  func rows(of chunk: Int, count: Int) -> Rows? {
    if count > 0, room.load(ordering: .relaxed) == 0 {
      // Records are seldom all of one length. Room that is not touched takes no memory.
      let expected = Double(plan.range.count) / Double(plan.chunk(chunk).count) * Double(count)
      _ = room.compareExchange(
        expected: 0, desired: Int(expected * 1.1) + 1024, ordering: .relaxed)
    }
    // A chunk goes on whatever others did: its own failure may be the first in the file.
    guard let first = try? starts.before(chunk, own: count) else { return nil }
    return Rows(places: self, range: first..<first + count)
  }

  /// The rows of one chunk.
  struct Rows {
    fileprivate let places: ColumnPlaces
    fileprivate let range: Range<Int>

    /// Where in the column's place the values of these rows stay, and in which layout, which can
    /// hold what `layout` holds; nil if they have to lie elsewhere.
    func room(
      _ column: Int, _ type: DataType, _ layout: ColumnPiece.Layout
    ) -> (layout: ColumnPiece.Layout, start: UnsafeMutableRawPointer)? {
      guard let storage = places.storage(column, type, orOf: layout) else { return nil }
      switch storage {
      case .int8(let values): return place(values, .int8, layout)
      case .int16(let values): return place(values, .int16, layout)
      case .int32(let values): return place(values, .int32, layout)
      case .int64(let values): return place(values, .int64, layout)
      case .float(let values): return place(values, .float, layout)
      case .dictionary(.uint8(let codes), _): return place(codes, .codes8, layout)
      case .dictionary(.uint16(let codes), _): return place(codes, .codes16, layout)
      case .dictionary(.uint32(let codes), _): return place(codes, .codes32, layout)
      case .text: return nil
      }
    }

    private func place<Value>(
      _ values: Buffer<Value>, _ kept: ColumnPiece.Layout, _ layout: ColumnPiece.Layout
    ) -> (layout: ColumnPiece.Layout, start: UnsafeMutableRawPointer)? {
      guard range.upperBound <= values.count, layout.rawValue <= kept.rawValue else { return nil }
      return (kept, UnsafeMutableRawPointer(values.base + range.lowerBound))
    }
  }

  /// The column's place for values of `type`, made for `layout` where there is none yet.
  private func storage(
    _ column: Int, _ type: DataType, orOf layout: ColumnPiece.Layout
  ) -> Storage? {
    let room = room.load(ordering: .relaxed)
    return places.withLock { places in
      if places[column] == nil, let storage = Self.storage(layout, room) {
        places[column] = Place(type: type, storage: storage)
      }
      return places[column].flatMap { $0.type == type ? $0.storage : nil }
    }
  }

  /// The column's place, if it is for values of `type`.
  func storage(_ column: Int, _ type: DataType) -> Storage? {
    places.withLock { $0[column].flatMap { $0.type == type ? $0.storage : nil } }
  }

  /// Gives up a column's place, once the column is made.
  func release(_ column: Int) { places.withLock { $0[column] = nil } }

  /// Room for `count` values; nil where there is not so much memory at once.
  private static func storage(_ layout: ColumnPiece.Layout, _ count: Int) -> Storage? {
    switch layout {
    case .int8: (try? Buffer(count: count)).map(Storage.int8)
    case .int16: (try? Buffer(count: count)).map(Storage.int16)
    case .int32: (try? Buffer(count: count)).map(Storage.int32)
    case .int64: (try? Buffer(count: count)).map(Storage.int64)
    case .float: (try? Buffer(count: count)).map(Storage.float)
    case .codes8: (try? Buffer(count: count)).flatMap { codes(.uint8($0)) }
    case .codes16: (try? Buffer(count: count)).flatMap { codes(.uint16($0)) }
    case .codes32: (try? Buffer(count: count)).flatMap { codes(.uint32($0)) }
    case .none, .texts: nil
    }
  }

  /// Codes of texts that are not known yet.
  private static func codes(_ codes: Codes) -> Storage? {
    (try? TextStorage([])).map { .dictionary(codes, TextDictionary($0)) }
  }
}
