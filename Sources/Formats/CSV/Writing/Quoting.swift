import Columnar

/// Which texts need quotes, and how they are written.
struct Quoting: Sendable {
  private let delimiter: UInt8
  private let words = NullWords()

  init(delimiter: UInt8) { self.delimiter = delimiter }

  private func isNeeded(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = text.first, let last = text.last, let start = text.baseAddress else {
      return true
    }
    for byte in text
    where byte == delimiter || byte == 0x22 || byte == 0x0A || byte == 0x0D { return true }
    return first == 0x20 || first == 0x09 || last == 0x20 || last == 0x09
      || words.index(start, text.count) != nil
  }

  func append(_ text: UnsafeBufferPointer<UInt8>, to target: inout [UInt8]) {
    guard isNeeded(text) else { return target.append(contentsOf: text) }
    target.append(0x22)
    for byte in text {
      if byte == 0x22 { target.append(0x22) }
      target.append(byte)
    }
    target.append(0x22)
  }

  /// Every text as it is written; the very same storage where none needs quotes.
  func quoted(_ texts: TextStorage) throws -> TextStorage {
    let parts = Workers.partCount(texts.count)
    let needed = try Workers.map(parts: parts) { part in
      Workers.part(part, of: texts.count).contains { isNeeded(texts.utf8($0)) }
    }
    if !needed.contains(true) { return texts }
    let pieces = try Workers.map(parts: parts) { part in
      var bytes: [UInt8] = []
      var ends: [Int] = []
      for text in Workers.part(part, of: texts.count) {
        append(texts.utf8(text), to: &bytes)
        ends.append(bytes.count)
      }
      return (bytes: bytes, ends: ends)
    }
    let offsets = try Buffer<Int>(count: texts.count + 1)
    let bytes = try Buffer<UInt8>(count: pieces.reduce(0) { $0 + $1.bytes.count })
    offsets.base[0] = 0
    var text = 0
    var size = 0
    for piece in pieces {
      for end in piece.ends {
        text += 1
        offsets.base[text] = size + end
      }
      piece.bytes.withUnsafeBufferPointer {
        if let start = $0.baseAddress { (bytes.base + size).update(from: start, count: $0.count) }
      }
      size += piece.bytes.count
    }
    return TextStorage(offsets: offsets, bytes: bytes)
  }
}
