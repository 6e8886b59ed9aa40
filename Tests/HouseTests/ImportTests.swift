import Foundation
import TestSupport
import Testing

/// Which module may use which: the table of docs/architecture.md, held against the sources.
@Suite struct ImportTests {
  /// Our modules, and the libraries of packages that they may use.
  static let allowed: [String: Set<String>] = {
    let query: Set = ["Columnar", "Language", "Formats"]
    let notebooks: Set = ["Query", "Display", "Language", "Columnar", "Yams"]
    let pipelines = notebooks.union(["Notebooks"])
    let all: Set = [
      "Columnar", "Language", "Formats", "Modeling", "Query", "Display", "Notebooks", "Pipelines",
      "Verbs", "Terminal",
    ]
    return [
      "Columnar": [],
      "Language": [],
      "Formats": ["Columnar"],
      "Modeling": ["Columnar"],
      "Query": query,
      "Display": ["Columnar", "Language"],
      "Notebooks": notebooks,
      "Pipelines": pipelines,
      "Verbs": all.subtracting(["Verbs", "Terminal"]),
      "Terminal": ["Language"],
      "kaizen": all.union(["ArgumentParser"]),
    ]
  }()

  /// What comes with the toolchain or the C library.
  static let system: Set = [
    "Swift", "Glibc", "Darwin", "Musl", "Dispatch", "Synchronization", "_Builtin_intrinsics",
  ]

  /// Each library of the system, and C of our own, is met in one module; what asks memory for values
  /// ahead of time also where texts are looked up.
  static let shims: [String: Set<String>] = [
    "CLibEdit": ["Terminal"], "CTerminal": ["Terminal"], "CPCRE2": ["Query"],
    "CZlib": ["Formats"], "CSQLite": ["Pipelines"], "CMemory": ["Columnar", "Formats"],
  ]

  /// Where Foundation is let in. Below it nothing depends on what a system has for languages,
  /// calendars and formats, and nothing of it runs at start-up.
  static let mayUseFoundation = [
    "Sources/Notebooks/", "Sources/Pipelines/", "Sources/Display/SVG/",
  ]

  @Test(arguments: SourceFile.all)
  func importsOnlyWhatItMay(_ file: SourceFile) throws {
    let allowed = try #require(Self.allowed[file.module], "\(file.path) is of no known module")
    for name in file.imports where !Self.system.contains(name) {
      if let homes = Self.shims[name] {
        #expect(homes.contains(file.module), "\(file.path) imports \(name)")
      } else if name.hasPrefix("Foundation") {
        let mayUse = Self.mayUseFoundation.contains(where: file.path.hasPrefix)
        #expect(mayUse, "\(file.path) imports \(name)")
      } else {
        #expect(allowed.contains(name), "\(file.path) imports \(name)")
      }
    }
  }

  /// The table that people read says the same as the one above.
  @Test func architecturePageHasTheSameTable() throws {
    let page = try Project.text("docs/architecture.md")
    let ours = Set(Self.allowed.keys)
    var rows: [String: Set<String>] = [:]
    for line in page.split(separator: "\n") where line.hasPrefix("| ") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 2, ours.contains(cells[0]) else { continue }
      rows[cells[0]] =
        cells[1] == "nothing of ours"
        ? [] : Set(cells[1].components(separatedBy: ", ")).intersection(ours)
    }
    #expect(rows == Self.allowed.mapValues { $0.intersection(ours) })
  }
}
