/// Which spellings stand for null, and where.
///
/// A conditional word is null where every other value of its column is of a type narrower than
/// text, and then the same spelling, unquoted, is null in that file's text columns too.
struct NullWords: Sendable {
  /// The spellings, each a bit of a mask.
  let words: [[UInt8]]
  /// Whether a word that was decided in one column is null in text columns.
  let spread: Bool
  /// How many words, from the first, are null in every column.
  let unconditionalCount: Int

  /// The place of the word that a quoted empty field counts as: null among numbers, and empty text
  /// in text columns.
  var quotedEmpty: Int { words.count }

  private let longest: Int
  /// A bit for each length that occurs among words.
  private let lengths: UInt64

  private static let conditional = [
    "NA", "N/A", "NaN", "null", "None", "-", ".", "?", "nan", "NAN", "NULL", "Null", "n/a", "none",
    "#N/A", "na",
  ]
  private static let notANumber = ["NaN", "nan", "NAN"]

  /// The usual words, or those a user gave, which are null everywhere; `NaN` among numbers is null
  /// in any case.
  init(_ given: [String]? = nil) {
    let unconditional = (given ?? []).filter { !$0.isEmpty }
    let rest =
      given == nil ? Self.conditional : Self.notANumber.filter { !unconditional.contains($0) }
    // The masks have 64 bits, of which one is the quoted empty field's.
    words = (unconditional + rest).map { Array($0.utf8) }
    unconditionalCount = unconditional.count
    spread = given == nil
    longest = words.map(\.count).max() ?? 0
    lengths = words.reduce(0) { $0 | 1 << UInt64(min($1.count, 63)) }
  }

  static let maximumCount = 56

  /// The place of a field among the words; nil if it is none.
  @inline(__always)
  func index(_ field: UnsafePointer<UInt8>, _ count: Int) -> Int? {
    if count > longest || lengths >> UInt64(min(count, 63)) & 1 == 0 { return nil }
    return find(field, count)
  }

  private func find(_ field: UnsafePointer<UInt8>, _ count: Int) -> Int? {
    words.firstIndex { word in
      guard word.count == count else { return false }
      for place in 0..<count where word[place] != field[place] { return false }
      return true
    }
  }

  func spelling(_ index: Int) -> String {
    index == quotedEmpty ? "\"\"" : String(decoding: words[index], as: UTF8.self)
  }
}
