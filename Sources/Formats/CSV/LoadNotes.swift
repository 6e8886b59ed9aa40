import Columnar

extension LoadReport {
  /// The report as lines: `NA read as null: sex 11, 4 columns 2 each`.
  package var notes: [String] {
    var notes: [String] = []
    if let note = nullNote { notes.append(note) }
    for entry in fewOthers { notes.append(note(entry)) }
    notes += keptNotes
    for entry in invalidValues {
      let many = "\(grouped(entry.count)) \(entry.count == 1 ? "value" : "values")"
      notes.append(
        "\(quotedName(entry.column)): \(many) read as null: \(cited(entry.value)) at line "
          + "\(grouped(entry.line)) \(entry.reason)")
    }
    notes += repairNotes
    let unnamed = renamed.filter(\.original.isEmpty)
    if unnamed.count > 3 {
      notes.append("\(unnamed.count) columns have no name: \(listed(unnamed.map(\.name)))")
    }
    for entry in renamed where !entry.original.isEmpty || unnamed.count <= 3 {
      notes.append(
        entry.original.isEmpty
          ? "column \(entry.position) has no name: \(quotedName(entry.name))"
          : "second column named \(quotedName(entry.original)): \(quotedName(entry.name))")
    }
    if !convertedToUTC.isEmpty {
      notes.append("offsets converted to UTC: \(listed(convertedToUTC.map(quotedName)))")
    }
    if isDecimalCommaFound { notes.append("decimal commas (decimal=\".\" reads points)") }
    if isHeaderGuessed, !dialect.hasHeader {
      notes.append("no header: columns are named column_1, … (header=true if there is one)")
    }
    return notes
  }

  /// One line about all null words.
  private var nullNote: String? {
    var words: [String] = []
    for entry in nullWords where !words.contains(entry.word) { words.append(entry.word) }
    let counts = words.map { word in
      Self.summed(nullWords.filter { $0.word == word }.map { (quotedName($0.column), $0.count) })
    }
    guard let word = words.first, let count = counts.first else { return nil }
    if words.count == 1 { return "\(word) read as null: \(count) (null=[] keeps it as text)" }
    var parts = zip(words, counts).prefix(4).map { "\($0) (\($1))" }
    if words.count > 4 { parts.append("… (\(words.count) words)") }
    return "read as null: \(parts.joined(separator: ", ")) (null=[] keeps them as text)"
  }

  /// Counts of columns, three and more that have the same count as one: `4 columns 2 each`.
  private static func summed(_ counts: [(column: String, count: Int)]) -> String {
    var items: [String] = []
    var done = Set<Int>()
    for (column, count) in counts where !done.contains(count) {
      let same = counts.filter { $0.count == count }
      if same.count > 2 {
        done.insert(count)
        items.append("\(same.count) columns \(grouped(count)) each")
      } else {
        items.append("\(column) \(grouped(count))")
      }
    }
    if items.count <= 8 { return items.joined(separator: ", ") }
    let total = counts.reduce(0) { $0 + $1.count }
    return "\(grouped(total)) values in \(counts.count) columns"
  }

  private var keptNotes: [String] {
    var reasons: [KeptAsText.Reason] = []
    for entry in keptAsText where !reasons.contains(entry.reason) { reasons.append(entry.reason) }
    return reasons.map { reason in
      let names = keptAsText.filter { $0.reason == reason }.map { quotedName($0.column) }
      let name = names[0]
      let option =
        switch reason {
        case .leadingZeros: "types={\(name): int} reads it as int"
        case .tooLarge: "types={\(name): float} reads it as float"
        case .decimalComma: "decimal=\",\" reads it as float"
        }
      return "\(listed(names)) kept as text: \(reason.rawValue) (\(option))"
    }
  }

  private func note(_ entry: FewOthers) -> String {
    let name = quotedName(entry.column)
    let kind =
      switch entry.type {
      case .int, .float: "a number"
      case .bool: "true or false"
      default: "a \(entry.type.rawValue)"
      }
    let isOne = entry.count == 1
    return "\(name) is text: \(grouped(entry.count)) of \(grouped(entry.valueCount)) values "
      + "\(isOne ? "is" : "are") not \(kind): \(cited(entry.value)) at line "
      + "\(grouped(entry.line)) (types={\(name): \(entry.type.rawValue)} bad=null reads "
      + "\(isOne ? "it" : "them") as null)"
  }

  /// A line for each kind of repair, with the first lines of the file where it was made.
  private var repairNotes: [String] {
    CSVRepair.Kind.allCases.compactMap { kind in
      let lines = repairs.filter { $0.kind == kind }.map(\.line)
      guard let first = lines.first else { return nil }
      if lines.count == 1 { return "1 \(kind.rawValue): line \(grouped(first))" }
      let shown = lines.prefix(5).map { grouped($0) }.joined(separator: ", ")
      let rest = lines.count > 5 ? ", … (repair=list lists them)" : ""
      return "\(grouped(lines.count)) × \(kind.rawValue): lines \(shown)\(rest)"
    }
  }

  private func cited(_ value: String) -> String {
    value.count > 40 ? "\"\(value.prefix(39))…\"" : "\"\(value)\""
  }

  private func listed(_ items: [String]) -> String {
    items.count <= 8
      ? items.joined(separator: ", ")
      : items.prefix(8).joined(separator: ", ") + ", … (\(items.count) columns)"
  }

  /// A name as it is typed: in backticks unless it is a plain word.
  private func quotedName(_ name: String) -> String {
    let isPlain = name.utf8.enumerated().allSatisfy { place, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "_"):
        true
      case UInt8(ascii: "0")...UInt8(ascii: "9"): place > 0
      default: false
      }
    }
    return isPlain && !name.isEmpty ? name : "`\(name)`"
  }
}
