import CTerminal

/// The columns `scalar` takes on the terminal: 0 for a combining mark, 2 for a wide character. A
/// control character counts 2, as it is drawn `^C`.
func columns(of scalar: Unicode.Scalar) -> Int {
  if scalar.value >= 0x20, scalar.value < 0x7F { return 1 }
  let width = kz_columns(scalar.value)
  if width >= 0 { return Int(width) }
  // Unknown to the C library, or its locale is not set: only controls are drawn as two.
  return scalar.value < 0xA0 ? 2 : 1
}

/// The columns `text` takes on the terminal, on one row.
func columns(of text: some StringProtocol) -> Int {
  text.unicodeScalars.reduce(0) { $0 + columns(of: $1) }
}

/// The longest beginning of `text` that takes at most `limit` columns, ended by `ellipsis` when
/// something was left out.
func truncated(_ text: String, to limit: Int, ellipsis: String) -> String {
  if columns(of: text) <= limit { return text }
  let room = limit - columns(of: ellipsis)
  if room <= 0 { return String(repeating: ".", count: max(0, min(limit, 1))) }
  var kept = String.UnicodeScalarView()
  var used = 0
  for scalar in text.unicodeScalars {
    used += columns(of: scalar)
    if used > room { break }
    kept.append(scalar)
  }
  return String(kept) + ellipsis
}
