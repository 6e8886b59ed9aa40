import CTerminal
import Language

/// The columns `scalar` takes where libedit draws it, which asks the C library: 0 for a combining
/// mark, 2 for a wide character, 2 for a control character, which is drawn `^C`. Text that others
/// print is measured by `displayWidth`.
func columns(of scalar: Unicode.Scalar) -> Int {
  if scalar.value >= 0x20, scalar.value < 0x7F { return 1 }
  let width = kz_columns(scalar.value)
  if width >= 0 { return Int(width) }
  // Unknown to the C library, or its locale is not set: only controls are drawn as two.
  return scalar.value < 0xA0 ? 2 : 1
}

/// The columns `text` takes on one row, as libedit counts them.
func columns(of text: String) -> Int {
  text.unicodeScalars.reduce(0) { $0 + columns(of: $1) }
}

/// The longest beginning of `text` that takes at most `limit` columns, ended by `ellipsis` when
/// something was left out.
func truncated(_ text: String, to limit: Int, ellipsis: String) -> String {
  if displayWidth(text) <= limit { return text }
  let room = limit - displayWidth(ellipsis)
  if room <= 0 { return String(repeating: ".", count: max(0, min(limit, 1))) }
  var kept = ""
  var used = 0
  for character in text {
    used += displayWidth(character)
    if used > room { break }
    kept.append(character)
  }
  return kept + ellipsis
}
