import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Names of files in the folder of `path` that it may have been meant to be, best first.
package func nearFiles(_ path: String) -> [String] {
  let (folder, name) = splitPath(path)
  let wanted = Array(name.lowercased().utf8)
  let allowed = max(2, wanted.count / 3)
  let near = entries(of: folder).compactMap { entry -> (distance: Int, name: String)? in
    let candidate = Array(entry.lowercased().utf8)
    var distance = editDistance(wanted, candidate)
    // The name without its extension is a near miss, too.
    if candidate.starts(with: wanted + [UInt8(ascii: ".")]) { distance = 1 }
    return distance <= allowed ? (distance, entry) : nil
  }
  return near.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(3).map {
    "did you mean \(folder.isEmpty ? $0.name : folder + $0.name)?"
  }
}

/// The data files in a folder, as lines to say where a folder was given for a file.
func directoryHints(_ path: String) -> [String] {
  let folder = path.hasSuffix("/") ? path : path + "/"
  let files = entries(of: folder).filter {
    [".csv", ".tsv", ".csv.gz", ".arrow", ".feather"].contains(where: $0.hasSuffix)
  }.sorted()
  if files.isEmpty { return [] }
  let shown = files.prefix(5).map { folder + $0 }.joined(separator: ", ")
  return ["files in it: \(shown)\(files.count > 5 ? ", … (\(files.count))" : "")"]
}

private func entries(of folder: String) -> [String] {
  guard let directory = opendir(folder.isEmpty ? "." : folder) else { return [] }
  defer { closedir(directory) }
  var names: [String] = []
  // A folder with very many files is not searched to its end for the sake of a hint.
  while names.count < 10_000, let entry = readdir(directory) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(
        to: CChar.self, capacity: MemoryLayout.size(ofValue: entry.pointee.d_name)
      ) { String(cString: $0) }
    }
    if !name.hasPrefix(".") { names.append(name) }
  }
  return names
}

/// How many insertions, deletions, replacements and swaps of neighbours lead from one text to
/// another.
func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  var beforeLast = [Int](repeating: 0, count: right.count + 1)
  var last = Array(0...right.count)
  for (row, byte) in left.enumerated() {
    var current = [row + 1]
    current.reserveCapacity(right.count + 1)
    for (column, other) in right.enumerated() {
      var cost = min(
        last[column] + (byte == other ? 0 : 1), last[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, byte == right[column - 1], left[row - 1] == other {
        cost = min(cost, beforeLast[column - 1] + 1)
      }
      current.append(cost)
    }
    beforeLast = last
    last = current
  }
  return last[right.count]
}
