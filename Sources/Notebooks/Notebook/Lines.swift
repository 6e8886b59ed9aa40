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
