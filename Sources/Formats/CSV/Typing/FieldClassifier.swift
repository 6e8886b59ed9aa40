import Columnar

/// Finds which kinds of values occur among fields, one at a time: where a fast kernel meets
/// something it was not made for.
struct FieldClassifier {
  let words: NullWords
  let point: UInt8

  /// The kind of one value; empty for null and what may stand for null.
  func classes(_ field: FieldContent) -> ValueClasses {
    let (start, count) = (field.start, field.count)
    if count == 0 || words.index(start, count) != nil { return [] }
    let number = NumberParsing.classes(start, count, point: point)
    if number != .text { return number }
    if BoolParsing.value(start, count) != nil { return .bool }
    let bytes = UnsafeBufferPointer(start: start, count: count)
    if Calendar.parseDate(bytes) != nil { return .date }
    if let datetime = Calendar.parseDatetime(bytes) {
      return datetime.hasOffset ? [.datetime, .offset] : .datetime
    }
    return .text
  }

  /// The kinds of values in `batch`, added to `known`; stops where the type is settled as text.
  func classes(
    _ batch: FieldBatch, _ unquoter: inout FieldUnquoter, adding known: ValueClasses
  ) -> ValueClasses {
    var classes = known
    for row in 0..<batch.count {
      let (start, count) = batch.raw(row)
      classes.formUnion(self.classes(unquoter.trimmed(start, count)))
      if classes.isSettledText { break }
    }
    return classes
  }

  /// The kind of the first value in `batch`; empty if all are null.
  func firstClasses(_ batch: FieldBatch, _ unquoter: inout FieldUnquoter) -> ValueClasses {
    for row in 0..<batch.count {
      let (start, count) = batch.raw(row)
      let classes = self.classes(unquoter.trimmed(start, count))
      if !classes.isEmpty { return classes }
    }
    return []
  }
}

enum BoolParsing {
  /// True or false from `true`, `True`, `TRUE` and the like; nil for anything else.
  @inline(__always)
  static func value(_ field: UnsafePointer<UInt8>, _ count: Int) -> Bool? {
    if count == 4 {
      let word = UnsafeRawPointer(field).loadUnaligned(as: UInt32.self).littleEndian
      return word == 0x6575_7274 || word == 0x6575_7254 || word == 0x4555_5254 ? true : nil
    }
    if count == 5 {
      let word = UnsafeRawPointer(field).loadUnaligned(as: UInt32.self).littleEndian
      let last = field[4]
      let isFalse =
        (word == 0x736C_6166 && last == 0x65) || (word == 0x736C_6146 && last == 0x65)
        || (word == 0x534C_4146 && last == 0x45)
      return isFalse ? false : nil
    }
    return nil
  }
}
