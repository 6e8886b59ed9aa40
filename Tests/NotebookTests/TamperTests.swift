import Foundation
import Language
import Notebooks
import Pipelines
import TestSupport
import Testing

/// A generated file that is not as promotion wrote it: `promote --check` names it and the line.
struct TamperTests {
  private func promoted() throws -> (
    workspace: Workspace, files: [String], options: PromotionOptions
  ) {
    let workspace = try Workspace()
    try workspace.write("id,y,x\n1,1,1\n2,2,2.1\n3,3,2.9\n4,4,4.2\n5,5,5\n", "x.csv")
    let session = try workspace.session(
      "param least = 1.5 min=0", "load \"x.csv\" as x", "check x: unique(id)",
      "m = x | fit ols y ~ x", "gate m on x: r2 >= 0.5", "good = x | filter y > $least",
      "export good \"good.csv\"", "save \"n.md\"")
    _ = session
    let options = try PromotionOptions(
      targets: Targets.names, schedule: "30 6 * * 1-5", retries: 2, timeout: "10min",
      image: "registry.example/kaizen@sha256:\(String(repeating: "a", count: 64))")
    do {
      _ = try Promotion.promote(
        workspace.path("n.md"), into: workspace.path("pipe"), options: options,
        like: try workspace.session())
    } catch let error as Diagnostic {
      Issue.record("\(error.whole)")
      throw error
    }
    let folder = workspace.path("pipe")
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder)
    var isFolder: ObjCBool = false
    let files = paths.filter {
      FileManager.default.fileExists(atPath: folder + "/" + $0, isDirectory: &isFolder)
        && !isFolder.boolValue
    }
    return (workspace, files.sorted(), options)
  }

  /// What `promote --check` says; nil where all is as promotion writes it.
  private func check(_ workspace: Workspace) throws -> Diagnostic? {
    do {
      _ = try Promotion.check(
        workspace.path("n.md"), into: workspace.path("pipe"), like: try workspace.session())
      return nil
    } catch let error as Diagnostic {
      return error
    }
  }

  /// In every file of every target: a line with another character in it, and one that is gone.
  @Test func aChangedLineIsNamed() throws {
    let (workspace, files, _) = try promoted()
    #expect(try check(workspace) == nil)
    for target in Targets.names {
      #expect(files.contains { $0.hasPrefix("targets/\(target)/") }, "\(target)")
    }
    #expect(files.contains("VERIFY.md") && files.contains("pipeline.lock.json"))
    var random = Random(5)
    for file in files {
      let text = try workspace.read("pipe/\(file)")
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      // The last is what stands behind the last line feed.
      let number = Int.random(in: 0..<max(1, lines.count - 1), using: &random)
      for edit in ["changed", "removed"] {
        var other = lines.map(String.init)
        if edit == "changed" { other[number] += " " } else { other.remove(at: number) }
        // A line like the one behind it is as good as that one.
        var first = number
        while edit == "removed", first + 1 < lines.count, lines[first] == lines[first + 1] {
          first += 1
        }
        try workspace.write(other.joined(separator: "\n"), "pipe/\(file)")
        let error = try #require(try check(workspace), "\(file) \(edit) \(number + 1)")
        #expect(error.status == 3, "\(error.whole)")
        let place = "pipe/\(file) line \(first + 1) "
        #expect(
          error.message.hasPrefix(place)
            || file == "pipeline.lock.json"
              && error.message.contains(file + " line "),
          "\(place)\(edit):\n\(error.whole)")
      }
      unlink(workspace.path("pipe/\(file)"))
      let missing = try check(workspace)
      #expect(missing?.status == 3 && missing?.message == "pipe/\(file) is missing")
      try workspace.write(text, "pipe/\(file)")
    }
    #expect(try check(workspace) == nil)
  }

  /// Of the lock, each line; so that it can be read and says something else, or cannot be read.
  @Test func aDamagedLockIsNamed() throws {
    let (workspace, _, _) = try promoted()
    let path = "pipe/pipeline.lock.json"
    let text = try workspace.read(path)
    let lines = text.split(separator: "\n").map(String.init)
    for (number, line) in lines.enumerated() {
      var edits = [line + "x", "\u{0}"]
      if let digit = line.lastIndex(where: \.isNumber) {
        edits.append(
          line.replacingCharacters(in: digit...digit, with: line[digit] == "7" ? "8" : "7"))
      }
      if let letter = line.firstIndex(where: \.isLetter) {
        edits.append(line.replacingCharacters(in: letter...letter, with: "q"))
      }
      for edit in edits {
        var other = lines
        other[number] = edit
        try workspace.write(other.joined(separator: "\n") + "\n", path)
        let error = try #require(try check(workspace), "\(edit)")
        #expect(error.status == 3, "\(edit): \(error.whole)")
        // A file that the lock names otherwise is missing under that name; what other options would
        // give is not what lies there; a key that is another one is missed where it should stand.
        if error.message.hasSuffix(" is missing") { continue }
        let places = [number, number + 1, number + 2].map { "lock.json line \($0) " }
        let isOptions = error.message.contains("lock.json line 3") && (2..<26).contains(number)
        #expect(
          isOptions || places.contains { error.message.contains($0) } || edit.contains("q"),
          "line \(number + 1), \(edit): \(error.whole)")
      }
    }
  }
}
