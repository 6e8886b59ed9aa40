extension String {
  /// The lines without their ends, LF or CR LF. The comparison is on scalars: to Swift, CR LF is
  /// one character.
  var unixLines: [String] {
    var lines = unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { line in
      line.last == "\r" ? String(line.dropLast()) : String(line)
    }
  }
}

extension String {
  /// The text with CR LF for each LF.
  var withCRLF: String {
    var bytes: [UInt8] = []
    for byte in utf8 {
      if byte == UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\r")) }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
