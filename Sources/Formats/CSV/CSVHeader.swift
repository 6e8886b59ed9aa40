import Columnar

/// The names of a file's columns, made distinct.
struct CSVHeader {
  let names: [String]
  let renamed: [LoadReport.Renaming]

  /// Names from the fields of a first line: an empty one becomes `column_3`, a repeated one gets
  /// `_2`.
  init(fields: [[UInt8]]) {
    var taken = Set<String>()
    // What stands in the file keeps its name before anything is made up.
    let originals = fields.map { String(decoding: $0, as: UTF8.self) }
    let written = Set(originals)
    var names: [String] = []
    var renamed: [LoadReport.Renaming] = []
    for (place, original) in originals.enumerated() {
      let stem = original.isEmpty ? "column_\(place + 1)" : original
      var name = stem
      var suffix = 2
      while taken.contains(name) || (name != original && written.contains(name)) {
        name = "\(stem)_\(suffix)"
        suffix += 1
      }
      taken.insert(name)
      names.append(name)
      if name != original {
        renamed.append(.init(position: place + 1, original: original, name: name))
      }
    }
    self.names = names
    self.renamed = renamed
  }

  /// Names for a file without: `column_1`, …
  init(count: Int) {
    names = (0..<count).map { "column_\($0 + 1)" }
    renamed = []
  }
}
