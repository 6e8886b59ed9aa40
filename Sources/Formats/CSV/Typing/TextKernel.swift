import CMemory
import Columnar

/// Codes text fields, in groups of rows by phases (hash all, load all slots, compare all), so that
/// the memory accesses of a group overlap: each phase asks for what the next one reads.
struct TextKernel: ~Copyable {
  private static let groupSize = 64
  private let fields: UnsafeMutablePointer<FieldContent>
  private let keys: UnsafeMutablePointer<TextTable.Key>
  private let hashes: UnsafeMutablePointer<UInt64>
  private let entries: UnsafeMutablePointer<UInt32>

  init() {
    fields = .allocate(capacity: Self.groupSize)
    keys = .allocate(capacity: Self.groupSize)
    hashes = .allocate(capacity: Self.groupSize)
    entries = .allocate(capacity: Self.groupSize)
  }

  deinit {
    fields.deallocate()
    keys.deallocate()
    hashes.deallocate()
    entries.deallocate()
  }

  /// Writes the code of each field, 0 for null, and notes which are null.
  func code(
    _ batch: FieldBatch, _ table: TextTable, _ codes: UnsafeMutablePointer<UInt32>,
    _ words: NullWords, _ unquoter: inout FieldUnquoter, _ nulls: inout NullCollector
  ) throws {
    var row = 0
    while row < batch.count {
      let end = min(row + Self.groupSize, batch.count)
      let isGroup = end - row == Self.groupSize
      if isGroup {
        if try !codeGroup(batch, row, table, codes, unquoter.quote) {
          try codeMixedGroup(batch, row, table, codes, words, &unquoter, &nulls)
        }
      } else {
        for row in row..<end {
          try codeField(batch, row, table, codes, words, &unquoter, &nulls)
        }
      }
      row = end
    }
  }

  @inline(__always)
  private func codeField(
    _ batch: FieldBatch, _ row: Int, _ table: TextTable, _ codes: UnsafeMutablePointer<UInt32>,
    _ words: NullWords, _ unquoter: inout FieldUnquoter, _ nulls: inout NullCollector
  ) throws {
    let (start, count) = batch.raw(row)
    if count == 0 {
      codes[row] = 0
      nulls.add(row)
      return
    }
    let field = unquoter.content(start, count)
    codes[row] = try table.code(field.start, field.count, isMarked: words.isMarked(field))
  }

  /// Codes a group of any fields: those that are long or in quotes by phases, too, the rest, nulls
  /// and texts with doubled quotes among it, one at a time.
  private func codeMixedGroup(
    _ batch: FieldBatch, _ first: Int, _ table: TextTable,
    _ codes: UnsafeMutablePointer<UInt32>, _ words: NullWords, _ unquoter: inout FieldUnquoter,
    _ nulls: inout NullCollector
  ) throws {
    let slots = table.slots.base
    let capacity = table.capacity
    var others: UInt64 = 0
    for place in 0..<Self.groupSize {
      let (start, count) = batch.raw(first &+ place)
      guard let field = unquoter.plainContent(start, count), field.count > 0,
        !words.isMarked(field)
      else {
        others |= 1 &<< UInt64(truncatingIfNeeded: place)
        // Any key does: the field is not looked up by it.
        keys[place] = TextTable.Key(low: 0, high: 0)
        hashes[place] = 0
        continue
      }
      fields[place] = field
      let key = TextTable.key(field.start, field.count)
      keys[place] = key
      let hash = TextTable.hash(field.start, field.count, key)
      hashes[place] = hash
      kz_prefetch_far(slots + TextTable.slot(hash, capacity))
    }
    let known = table.keys.base
    for place in 0..<Self.groupSize {
      let entry = slots[TextTable.slot(hashes[place], capacity)]
      entries[place] = entry
      kz_prefetch_far(known + Int(truncatingIfNeeded: entry == 0 ? 0 : entry &- 1))
    }
    var long: UInt64 = 0
    for place in 0..<Self.groupSize {
      let entry = entries[place]
      let code = entry &- 1
      let found = known[entry == 0 ? 0 : Int(truncatingIfNeeded: code)]
      let key = keys[place]
      let bit = UInt64(1) &<< UInt64(truncatingIfNeeded: place)
      if (found.low ^ key.low) | (found.high ^ key.high) | (entry == 0 ? 1 : 0) != 0 {
        others |= bit
      } else if key.high &>> 56 == 255 {
        long |= bit
        // Brings the text near while others are being looked up.
        entries[place] = UInt32(table.firstByte(Int(truncatingIfNeeded: code)))
      }
      codes[first &+ place] = code
    }
    long &= ~others
    while long != 0 {
      let place = long.trailingZeroBitCount
      let bit = UInt64(1) &<< UInt64(truncatingIfNeeded: place)
      long &= ~bit
      let field = fields[place]
      let code = Int(truncatingIfNeeded: codes[first &+ place])
      if !table.isEqual(code, field.start, field.count) { others |= bit }
    }
    // In the order of rows, which numbers texts by first appearance.
    while others != 0 {
      let place = others.trailingZeroBitCount
      others &= others &- 1
      try codeField(batch, first &+ place, table, codes, words, &unquoter, &nulls)
    }
  }

  /// Codes a group of short fields without quotes and nulls. False, with nothing done, if some field
  /// is not of that kind.
  @inline(__always)
  private func codeGroup(
    _ batch: FieldBatch, _ first: Int, _ table: TextTable,
    _ codes: UnsafeMutablePointer<UInt32>, _ quote: UInt8?
  ) throws -> Bool {
    let (starts, ends, stride, text) = (batch.starts, batch.ends, batch.stride, batch.text)
    // A byte that no text begins with where there is no quote.
    let quote = quote ?? 0xFF
    let slots = table.slots.base
    let capacity = table.capacity
    var slot = first &* stride
    var other: UInt64 = 0
    for place in 0..<Self.groupSize {
      let start = Int(truncatingIfNeeded: starts[slot]) &+ 1
      let count = Int(truncatingIfNeeded: ends[slot]) &- start
      slot &+= stride
      let field = text + start
      other |= UInt64(truncatingIfNeeded: count &- 1) > 14 || field[0] == quote ? 1 : 0
      let key = TextTable.key(field, count & 15)
      keys[place] = key
      let hash = TextTable.hash(key)
      hashes[place] = hash
      kz_prefetch_far(slots + TextTable.slot(hash, capacity))
    }
    if other != 0 { return false }
    let known = table.keys.base
    for place in 0..<Self.groupSize {
      let entry = slots[TextTable.slot(hashes[place], capacity)]
      entries[place] = entry
      kz_prefetch_far(known + Int(truncatingIfNeeded: entry == 0 ? 0 : entry &- 1))
    }
    var missing: UInt64 = 0
    for place in 0..<Self.groupSize {
      let entry = entries[place]
      let code = entry &- 1
      let found = known[entry == 0 ? 0 : Int(truncatingIfNeeded: code)]
      let key = keys[place]
      let differs = (found.low ^ key.low) | (found.high ^ key.high) | (entry == 0 ? 1 : 0)
      missing |= (differs == 0 ? 0 : 1) &<< UInt64(truncatingIfNeeded: place)
      codes[first &+ place] = code
    }
    while missing != 0 {
      let row = first &+ missing.trailingZeroBitCount
      missing &= missing &- 1
      let (start, count) = batch.raw(row)
      codes[row] = try table.code(start, count)
    }
    return true
  }
}

extension NullWords {
  /// Whether a text stood in quotes where the same without them might be null.
  @inline(__always)
  func isMarked(_ field: FieldContent) -> Bool {
    guard field.isQuoted, let word = index(field.start, field.count) else { return false }
    return word >= unconditionalCount
  }
}

/// The null rows of a column's chunk while it is being typed.
struct NullCollector {
  /// SAFETY: room for a chunk's rows.
  let rows: UnsafeMutablePointer<UInt32>
  private(set) var count = 0
  private(set) var wordCounts: [UInt32] = []
  private(set) var hasDisputed = false

  init(rows: UnsafeMutablePointer<UInt32>) { self.rows = rows }

  @inline(__always)
  mutating func add(_ row: Int) {
    rows[count] = UInt32(truncatingIfNeeded: row)
    count &+= 1
  }

  /// A null that would be something else in a text column.
  mutating func add(_ row: Int, word: Int?, of words: NullWords) {
    add(row)
    hasDisputed = true
    if let word { count(word, of: words) }
  }

  /// Counts a word in a row that may be null by it.
  mutating func count(_ word: Int, of words: NullWords) {
    if wordCounts.isEmpty { wordCounts = Array(repeating: 0, count: words.words.count + 1) }
    wordCounts[word] &+= 1
  }
}
