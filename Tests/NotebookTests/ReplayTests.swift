import Columnar
import Display
import Foundation
import Language
import Notebooks
import TestSupport
import Testing

/// `replay`: what is compared, accepted, copied and kept.
struct ReplayTests {
  /// A notebook of a small table with a parameter, saved in `x.md`.
  private func saved() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write("name,mass\nAnna,3.5\nBo,4.25\nCy,5.75\n", "x.csv")
    _ = try workspace.session(
      "# ## Masses", "param least = 3.0 min=1 max=5", "load \"x.csv\" as x",
      "heavy = x | filter mass >= $least", "heavy", "heavy | agg total = sum(mass)",
      "export heavy \"out.csv\"", "save \"x.md\"")
    return workspace
  }

  @Test(arguments: [
    ("Cy     5.75", "Cy     5.76"), ("13.5", "13.6"), ("3 rows × 2", "4 rows × 2"),
  ])
  func oneDigitOfAnOutputIsNoticed(old: String, new: String) throws {
    let workspace = try saved()
    #expect(workspace.replay("x.md", .check).error == nil)
    let text = try workspace.read("x.md")
    guard text.contains(old) else {
      Issue.record("no \(old) in\n\(text)")
      return
    }
    try workspace.edit("x.md", old, new)
    for isLocked in [true, false] {
      if !isLocked { unlink(workspace.path("x.md.lock")) }
      let error = try #require(workspace.replay("x.md", .check).error)
      #expect(error.status == 3)
      #expect(error.notes.contains { $0.contains("(line ") })
      #expect(error.notes.contains { $0.hasPrefix("  - ") && $0.contains(new) }, "\(error.whole)")
      #expect(error.notes.contains { $0.hasPrefix("  + ") && $0.contains(old) })
      #expect(workspace.replay("x.md").summary.contains("differ") == true)
    }
  }

  @Test func aCheckWritesNothing() throws {
    let workspace = try saved()
    try workspace.write("mine\n", "out.csv")
    let before = try workspace.read("x.md")
    #expect(workspace.replay("x.md", .check).error == nil)
    #expect(try workspace.read("out.csv") == "mine\n")
    #expect(workspace.replay("x.md").summary.contains("all outputs as recorded"))
    #expect(try workspace.read("out.csv") != "mine\n")
    #expect(try workspace.read("x.md") == before)
  }

  @Test func otherInputsAreNotComparable() throws {
    let workspace = try saved()
    try workspace.write("name,mass\nAnna,3.5\n", "x.csv")
    var error = workspace.replay("x.md", .check).error
    #expect(error?.status == 4)
    #expect(error?.message.contains("input x.csv is not the one pinned") == true)
    #expect(workspace.replay("x.md").summary.contains("not the one pinned"))
    // Even where the other data make a cell fail.
    try workspace.write("name\nAnna\n", "x.csv")
    error = workspace.replay("x.md", .check).error
    #expect(error?.status == 4, "\(error?.whole ?? "")")
    unlink(workspace.path("x.csv"))
    error = workspace.replay("x.md", .check).error
    #expect(error?.status == 4)
    #expect(error?.message.contains("missing") == true)
  }

  @Test func aPinThatWasEditedIsNoticed() throws {
    let workspace = try saved()
    try workspace.write("name,mass\nAnna,3.5\n", "x.csv")
    let (sha256, bytes) = try digest(ofFile: workspace.path("x.csv"))
    let pinned = try Replay(path: workspace.path("x.md")).frontMatter.inputs[0]
    try workspace.edit("x.md", pinned.sha256, sha256)
    try workspace.edit("x.md", "bytes: \(pinned.bytes)", "bytes: \(bytes)")
    #expect(workspace.replay("x.md", .check).error?.status == 4)
  }

  @Test func parametersAreChecked() throws {
    let workspace = try saved()
    for (name, value, code) in [
      ("lest", "3", Diagnostic.Code.unknownParameter), ("least", "x", .parameterType),
      ("least", "@2024-03-01", .parameterType), ("least", "0", .parameterType),
      ("least", "5.5", .parameterType), ("least", "", .parameterType),
    ] {
      let error = workspace.replay("x.md", .run, [(name, value)]).error
      #expect(error?.code == code, "\(value): \(error?.whole ?? "no error")")
      #expect(error?.status == 2)
    }
    #expect(workspace.replay("x.md", .run, [("lest", "3")]).error?.whole.contains("least") == true)
    let error = workspace.replay("x.md", .check, [("least", "4")]).error
    #expect(error?.status == 4)
    #expect(error?.message.contains("least is 4.0, recorded with 3.0") == true)
    // A default that was edited is another parameter, too.
    try workspace.edit("x.md", "default: 3.0", "default: 4.0")
    #expect(workspace.replay("x.md", .check).error?.status == 4)
    #expect(workspace.replay("x.md", .accept, [("least", "5")]).error?.code == .usage)
    #expect(workspace.replay("x.md", .accept).error == nil)
    #expect(workspace.replay("x.md", .check).error == nil)
    #expect(try workspace.read("x.md").contains(" 10\n"))
  }

  /// The type or a bound that was edited: the check says what was recorded, a value is held to what
  /// stands there now, and a plain replay says so and goes on.
  @Test(arguments: [
    (
      "type: float, default: 3.0, min: 1.0, max: 5.0", "type: int, default: 3, min: 1, max: 5",
      "int"
    ),
    ("max: 5.0", "max: 6.0", "max=6.0"), ("min: 1.0, max: 5.0", "max: 5.0", "float max=5.0"),
    ("max: 5.0", "max: 5.0, choices: [3.0, 4.0]", "choices=[3.0, 4.0]"),
  ])
  func aParametersTypeOrRangeThatWasEdited(old: String, new: String, words: String) throws {
    let workspace = try saved()
    #expect(workspace.replay("x.md", .check).error == nil)
    try workspace.edit("x.md", old, new)
    let error = try #require(workspace.replay("x.md", .check).error)
    #expect(error.status == 4)
    #expect(error.whole.contains("parameter least is"), "\(error.whole)")
    #expect(
      error.whole.contains(words) && error.whole.contains("recorded as float min=1.0 max=5.0"))
    #expect(workspace.replay("x.md").summary.contains("parameter least is"))
    #expect(workspace.replay("x.md", .run, [("least", "7")]).error?.status == 2)
    try workspace.edit("x.md", new, old)
    #expect(workspace.replay("x.md", .check).error == nil)
    // A default outside the bounds is a mistake in the file.
    try workspace.edit("x.md", "max: 5.0", "max: 2.0")
    #expect(workspace.replay("x.md").error?.status == 2)
  }

  @Test func whatIsAcceptedChecksClean() throws {
    let workspace = try Workspace()
    try workspace.write("a,b\n1,x\n2,y\n", "x.csv")
    let text = """
      ---
      # a comment that stays
      kaizen: 1
      owner: {name: "Bo"}   # so does this
      inputs: {}

      params:
        n: {type: int, default: 1}
      ---
      Prose.
      ```kaizen
      load "x.csv" as x
      ```
      Between.
      ~~~~kaizen role=look id="a 1" grid=a
      x
      ~~~~
      ```out id="a 1" class=wide
      stale
      ```
      ```kaizen id=dup
      x | count
      ```
      ```kaizen keep=dup id=dup
      x | agg s = sum(a)
      ```
      ```kaizen id=last
      $n
      ```
      """.replacing("$n", with: "n + 1")
    for end in ["\n", "\r\n"] {
      try workspace.write(text.replacing("\n", with: end), "x.md")
      unlink(workspace.path("x.md.lock"))
      #expect(workspace.replay("x.md", .check).error?.status == 3)
      let accepted = workspace.replay("x.md", .accept)
      #expect(accepted.error == nil, "\(accepted.error?.whole ?? "")")
      let check = workspace.replay("x.md", .check)
      let new = try workspace.read("x.md")
      #expect(check.error == nil, "\(check.error?.whole ?? "")\n\(new)")
      for kept in [
        "# a comment that stays", "owner: {name: \"Bo\"}   # so does this", "Prose.", "Between.",
        "~~~~kaizen role=look id=\"a 1\" grid=a", "class=wide", "keep=dup id=",
      ] { #expect(new.contains(kept), "\(kept)\n\(new)") }
      #expect(!new.contains("stale") && new.contains("x.csv: {sha256: "))
      if end == "\r\n" {
        #expect(new.utf8.filter { $0 == 10 }.count == new.utf8.filter { $0 == 13 }.count)
      }
      let ids = try NotebookFile(parsing: new).cells.map(\.cell.id)
      #expect(Set(ids).count == ids.count && !ids.contains(nil), "\(ids)")
      #expect(workspace.replay("x.md", .accept).error == nil)
      #expect(try workspace.read("x.md") == new)
    }
  }

  @Test func aCopyHasTheValuesItWasMadeWith() throws {
    let workspace = try saved()
    let before = try workspace.read("x.md")
    #expect(workspace.replay("x.md", .run, [("least", "4")], copy: "y.md").error == nil)
    #expect(try workspace.read("x.md") == before)
    let copy = try workspace.read("y.md")
    #expect(copy.contains("default: 4.0") && copy.contains(" 10\n") && !copy.contains("Anna"))
    let check = workspace.replay("y.md", .check)
    #expect(check.error == nil, "\(check.error?.whole ?? "")")
  }

  @Test func aCellThatFailsIsNamedAndTheOutputsSoFarKept() throws {
    let workspace = try saved()
    try workspace.edit("x.md", "heavy | agg total = sum(mass)", "heavy | agg total = sum(mess)")
    let result = workspace.replay("x.md", .run, copy: "y.md")
    let error = try #require(result.error)
    #expect(error.code == .unknownColumn && error.status == 1)
    #expect(error.whole.contains("cell ") && error.whole.contains("x.md line "), "\(error.whole)")
    #expect(result.runs.count == 4 && result.runs[2].text.contains("Anna"))
    #expect(try workspace.read("y.md").contains("error[unknown-column]"))
    #expect(workspace.replay("x.md", .accept).error?.code == .unknownColumn)
    #expect(try workspace.read("x.md").contains("error[") == false)
  }

  @Test func aCellMayBeMeantToFail() throws {
    let workspace = try Workspace()
    try workspace.write("a\n1\n", "x.csv")
    try workspace.write(
      "```kaizen\nload \"x.csv\" as x\n```\n```kaizen error=true\nx | head 1\nx | filter b\n```\n"
        + "```kaizen\nx | count\n```\n", "x.md")
    let accepted = workspace.replay("x.md", .accept)
    #expect(accepted.error == nil, "\(accepted.error?.whole ?? "")")
    #expect(try workspace.read("x.md").contains("error[unknown-column]"))
    #expect(workspace.replay("x.md", .check).error == nil)
    try workspace.edit("x.md", "filter b\n", "filter c\n")
    #expect(workspace.replay("x.md", .check).error?.status == 3)
    try workspace.edit("x.md", "filter c\n", "filter a > 0\n")
    let error = workspace.replay("x.md", .check).error
    #expect(error?.message.contains("was meant to fail") == true)
  }

  @Test func aDamagedLockIsNotPassedOver() throws {
    let workspace = try saved()
    let lock = try workspace.read("x.md.lock")
    for text in ["", "{", "[]", lock.replacing("\"cells\"", with: "\"sells\""), "{\"kaizen\": 1}"] {
      try workspace.write(text, "x.md.lock")
      let error = workspace.replay("x.md", .check).error
      #expect(error?.code == .corrupt)
      #expect(error?.whole.contains("x.md.lock") == true)
      #expect(workspace.replay("x.md").summary.contains("damaged"))
    }
    #expect(workspace.replay("x.md", .accept).error == nil)
    #expect(try workspace.read("x.md.lock") == lock)
    unlink(workspace.path("x.md.lock"))
    #expect(workspace.replay("x.md", .check).error == nil)
  }

  @Test func cellsMayMoveAndBeAdded() throws {
    let workspace = try saved()
    try workspace.edit("x.md", "## Masses\n", "## Masses\n\n```kaizen id=new\n1 + 1\n```\n")
    var error = try #require(workspace.replay("x.md", .check).error)
    #expect(error.notes.filter { $0.hasPrefix("cell ") }.count == 1, "\(error.whole)")
    #expect(workspace.replay("x.md", .accept).error == nil)
    try workspace.edit("x.md", "```kaizen id=new\n1 + 1\n```\n```out id=new\n2\n```\n", "")
    error = try #require(workspace.replay("x.md", .check).error)
    #expect(error.status == 3 && error.whole.contains("cell new is in x.md.lock"))
  }

  @Test func numbersAgreeWithinTheTolerance() throws {
    let workspace = try saved()
    let lock = try workspace.read("x.md.lock")
    // The lock was written by another build whose sum was a little different.
    let shown = try #require(
      try NotebookFile(parsing: try workspace.read("x.md")).elements.compactMap { element in
        if case .output(let output) = element, output.text.contains("13.5") {
          output.text
        } else {
          nil
        }
      }.first)
    let old = shown.replacing("13.5", with: "13.6")
    for (value, status) in [("13.500000001", Int32?.none), ("13.51", 3)] {
      try workspace.write(
        lock.replacing("13.5", with: value).replacing(digest(shown), with: digest(old)),
        "x.md.lock")
      try workspace.edit("x.md", shown, old)
      let error = workspace.replay("x.md", .check).error
      #expect(error?.status == status, "\(value): \(error?.whole ?? "no error")")
      try workspace.edit("x.md", old, shown)
    }
  }

  @Test func longDifferencesAreCutAndQuick() {
    let old = (0..<20_000).map { "row \($0)" }.joined(separator: "\n")
    let new = (0..<20_000).map { "row \($0 * 7)" }.joined(separator: "\n")
    let start = monotonicSeconds()
    let lines = difference(old, new)
    #expect(lines.count <= 41 && lines.last?.contains("more lines") == true)
    #expect(monotonicSeconds() - start < 5)
    #expect(
      difference("a\nb\nc\nd\ne\n", "a\nb\nx\nd\ne\n") == ["    b", "  - c", "  + x", "    d"])
    #expect(difference("a\n", "a\n") == [])
    #expect(difference("", "a\n") == ["  + a"])
  }
}
