import Language

/// The line that says how far a command is, for one moment and one width.
struct ProgressLayout {
  let amount: ProgressLine.Amount
  /// Seconds since the work began.
  let elapsed: Double
  /// The columns to stay within.
  let width: Int
  let usesUTF8: Bool
  let usesColor: Bool

  private static let longestBar = 29
  private static let shortestBar = 8

  /// The line, without colours never wider than `width`. Where there is not room for all, the rate
  /// goes first, then the hint, the time left, and the bar.
  var text: String {
    var showsRate = true
    var showsHint = true
    var showsTime = true
    while true {
      let before = label(within: width)
      let after = [
        percent, showsRate ? rate : nil, showsTime ? timeLeft : nil,
        showsHint ? " Ctrl-C to stop" : nil,
      ].compactMap { $0 }.map { "  " + $0 }.joined()
      let room = width - displayWidth(before) - displayWidth(after) - 2
      if fraction == nil, room + 2 >= 0 { return before + after }
      if room >= Self.shortestBar { return before + "  " + bar(min(room, Self.longestBar)) + after }
      if showsRate {
        showsRate = false
      } else if showsHint {
        showsHint = false
      } else if showsTime {
        showsTime = false
      } else {
        let percent = percent.map { "  " + $0 } ?? ""
        let room = width - displayWidth(percent)
        return room > 0 ? label(within: room) + percent : label(within: width)
      }
    }
  }

  private func label(within room: Int) -> String {
    let label = showingControls(amount.label)
    let text = usesUTF8 ? label : asciiForm(of: label)
    return truncated(text, to: room, ellipsis: usesUTF8 ? "…" : "...")
  }

  /// How much is done, from 0 to 1; nil when the whole is not known.
  private var fraction: Double? {
    if amount.total <= 0 { return nil }
    return min(1, max(0, Double(amount.done) / Double(amount.total)))
  }

  /// Rounded down: 100% is the end and nothing before it.
  private var percent: String? {
    if fraction == nil { return amount.done > 0 ? count : nil }
    let done = min(max(0, amount.done), amount.total)
    let wide = done.multipliedFullWidth(by: 100)
    // At most 100 times the divisor, so the quotient fits.
    let text = "\(amount.total.dividingFullWidth(wide).quotient)%"
    return String(repeating: " ", count: max(0, 3 - text.utf8.count)) + text
  }

  private func bar(_ length: Int) -> String {
    let filled = min(length, Int((fraction ?? 0) * Double(length)))
    let full = String(repeating: usesUTF8 ? "━" : "=", count: filled)
    if filled == length { return full }
    let rest = (usesUTF8 ? "╺" : ">") + dashes(length - filled - 1)
    return full + (usesColor ? "\u{1B}[2m\(rest)\u{1B}[0m" : rest)
  }

  private func dashes(_ count: Int) -> String {
    String(repeating: usesUTF8 ? "━" : "-", count: count)
  }

  private var count: String { Self.scaled(Double(amount.done), amount.unit) }

  private var perSecond: Double { elapsed > 0 ? Double(amount.done) / elapsed : 0 }

  private var rate: String? {
    perSecond > 0 ? Self.scaled(perSecond, amount.unit) + "/s" : nil
  }

  private var timeLeft: String? {
    guard fraction != nil, perSecond > 0 else { return nil }
    let left = Double(amount.total) - Double(amount.done)
    let seconds = max(0, left * elapsed / Double(amount.done)).rounded(.up)
    // Nobody waits for more than a hundred days; an early guess can say so.
    guard seconds < 8_640_000 else { return nil }
    let whole = Int(seconds)
    if whole < 60 { return "\(whole) s left" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s left" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min left"
  }

  /// `1.7 M rows`, `12 k rows`, `340 MB`.
  static func scaled(_ value: Double, _ unit: String) -> String {
    let isBytes = unit == "bytes"
    let steps = ["", isBytes ? "k" : " k", isBytes ? "M" : " M", isBytes ? "G" : " G"]
    var value = max(0, value)
    var step = 0
    // 999.6 is shown as 1.0 of the next step.
    while value >= 999.5, step < steps.count - 1 {
      value /= 1000
      step += 1
    }
    let tenths = (value * 10).rounded() / 10
    let number =
      step > 0 && tenths < 10 ? "\(tenths)" : value < 1e15 ? "\(Int(value.rounded()))" : "\(value)"
    if !isBytes { return "\(number)\(steps[step]) \(unit)" }
    return step == 0 ? "\(number) bytes" : "\(number) \(steps[step])B"
  }
}
