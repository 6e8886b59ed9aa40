import Columnar
import Display
import Foundation
import Language
import Notebooks
import TestSupport
import Testing

/// `save … for NAME`: the lines that a name needs, all of them and no other.
struct SliceTests {
  /// On generated sessions the slice gives the same value, and without any one of its lines it does
  /// not: each line that is generated changes the value it works on.
  @Test func slicesAreExact() throws {
    let workspace = try Workspace()
    try workspace.write(SessionGenerator.table, "t.csv")
    var kept = 0
    var left = 0
    var kinds: Set<String> = []
    for seed in 0..<200 {
      var generator = SessionGenerator(seed: UInt64(seed))
      let lines = generator.lines()
      let target = generator.target
      let session = try workspace.session()
      for line in lines { try session.run(line) }
      let asked = try value(target, in: session)
      let saved = try session.notebook(at: workspace.path("x.md"), for: [Name(target)])
      let notebook = try NotebookFile(parsing: saved.file.text)
      let matter = try FrontMatter(parsing: try #require(notebook.frontMatter))
      let slice = notebook.cells.flatMap { $0.cell.code.split(separator: "\n").map(String.init) }
      let story =
        "session \(seed):\n\(lines.joined(separator: "\n"))\nfor \(target):\n"
        + slice.joined(separator: "\n")
      #expect(run(slice, matter, target, in: workspace) == asked, "\(story)")
      for (place, line) in slice.enumerated() {
        if line.hasPrefix("check") { continue }
        var shorter = slice
        shorter.remove(at: place)
        #expect(
          run(shorter, matter, target, in: workspace) != asked, "without `\(line)`:\n\(story)")
      }
      kept += slice.count
      left += lines.count - slice.count
      for word in ["|=", "_ |", "split", "fit", "check", "def ", "export", "use ", "$p"]
      where slice.contains(where: { $0.contains(word) }) {
        kinds.insert(word)
      }
      let bound = slice.filter { $0.contains(" = ") && !$0.contains("|=") }
        .map { $0.prefix { $0 != " " } }.filter { $0 != "def" && $0 != "param" }
      if Set(bound).count < bound.count { kinds.insert("rebind") }
      if lines.contains("undo") { kinds.insert("undo") }
    }
    // The sessions are worth slicing.
    #expect(kept > 800 && left > 800, "\(kept) kept, \(left) left out")
    #expect(
      kinds.isSuperset(of: [
        "|=", "_ |", "split", "fit", "check", "def ", "export", "$p", "rebind", "undo",
      ]), "\(kinds)")
  }

  /// The value of a name after `lines`; nil where one of them fails.
  private func run(
    _ lines: [String], _ matter: FrontMatter, _ target: String, in workspace: Workspace
  ) -> String? {
    for name in Path.entries(of: workspace.folder) where name.hasSuffix(".arrow") {
      unlink(workspace.path(name))
    }
    guard let session = try? workspace.session() else { return nil }
    session.declare(matter.parameters)
    do {
      for line in lines { try session.run(line) }
      return try value(target, in: session)
    } catch {
      return nil
    }
  }

  private func value(_ name: String, in session: Session) throws -> String {
    switch try session.value(of: Name(name)) {
    case .frame(let frame): Output.frame(FrameOutput(frame: frame)).json()
    case .scalar(let scalar): scalar.literal
    case .object(let object): object.output.json()
    default: throw Diagnostic(.type, "\(name) is nothing to compare")
    }
  }

  @Test func checksGoWithTheVersionTheyLookedAt() throws {
    let workspace = try Workspace()
    let session = try workspace.session(
      "load \"datasets/penguins.csv\" as p", "check p: count() == 344",
      "h = p | filter body_mass_g > 5000", "p |= head 10", "check p: count() == 10",
      "check h: count() > 1")
    let saved = try session.notebook(at: workspace.path("x.md"), for: [Name("h")])
    #expect(
      saved.file.cells.map(\.cell.code) == [
        "load \"datasets/penguins.csv\" as p", "check p: count() == 344",
        "h = p | filter body_mass_g > 5000", "check h: count() > 1",
      ])
  }

  @Test func proseGoesWithItsLines() throws {
    let workspace = try Workspace()
    let session = try workspace.session(
      "# # Birds", "# All of them.", "load \"datasets/penguins.csv\" as p", "# ## Dead",
      "# Nobody reads this.", "p | count", "# ## Kept", "# Not this.", "d = p | head 1",
      "# The heavy ones.", "h = p | filter body_mass_g > 5000", "save \"h.md\" for h")
    _ = session
    let text = try workspace.read("h.md")
    for word in ["# Birds", "All of them.", "## Kept", "The heavy ones."] {
      #expect(text.contains(word), "\(text)")
    }
    for word in ["Dead", "Nobody", "Not this."] { #expect(!text.contains(word), "\(text)") }
    #expect(workspace.replay("h.md", .check).error == nil)
  }

  @Test func whatIsNotBoundIsNamed() throws {
    let workspace = try Workspace()
    let load = "load \"datasets/penguins.csv\" as penguins"
    let error = workspace.error(load, "save \"x.md\" for penguin")
    #expect(error?.code == .unknownName)
    #expect(error?.label?.contains("penguins") == true)
    #expect(workspace.error(load, "save \"x.md\" for 3")?.code == .usage)
    #expect(!workspace.exists("x.md"))
  }
}

/// Sessions in which each line changes the value it works on, with dead lines among them.
private struct SessionGenerator {
  private struct Known {
    /// Frames with the column that depends on all that was done to them.
    var frames: [(name: String, column: String)] = []
    var scalars: [String] = []
    var models: [(name: String, column: String)] = []
    var functions: [String] = []
    var hasShown: (column: String, isFresh: Bool)?
    var current = 0
  }

  private var random: Random
  private var known = Known()
  private var number = 0
  private(set) var target = "f0"

  static let table: String = {
    var text = "y,x,g\n"
    for row in 0..<40 {
      text += "\(row * 7 % 13 + row).5,\(row * row % 31 + 1),\(["a", "b", "c"][row * 5 % 3])\n"
    }
    return text
  }()

  init(seed: UInt64) { random = Random(seed &* 7919 &+ 3) }

  mutating func lines() -> [String] {
    var lines = ["load \"t.csv\" as f0", "param p0 = 3 min=1"]
    known.frames = [("f0", "x")]
    known.scalars = ["p0"]
    for _ in 0..<Int.random(in: 8...18, using: &random) {
      let before = known
      let next = step()
      lines += next
      if Int.random(in: 0..<8, using: &random) == 0, next.count == 1, next[0].contains("=") {
        lines.append("undo")
        known = before
      }
    }
    var names = known.frames.map(\.name) + known.models.map(\.name)
    if known.scalars.count > 1 { names.append(known.scalars[known.scalars.count - 1]) }
    target = names[Int.random(in: 0..<names.count, using: &random)]
    return lines
  }

  private mutating func fresh(_ letter: String) -> String {
    number += 1
    return "\(letter)\(number)"
  }

  /// An expression that is another one for each column and number.
  private mutating func expression(_ column: String) -> String {
    let amount = Int.random(in: 2...9, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return "\(column) * 1.5 + sqrt(x) * \(amount)"
    case 1:
      let scalar = known.scalars[Int.random(in: 0..<known.scalars.count, using: &random)]
      return "\(column) + x * $\(scalar) / \(amount)"
    case 2:
      if let function = known.functions.last { return "\(function)(\(column)) + y / \(amount)" }
      return "\(column) * 2 - y * \(amount)"
    default: return "\(column) * 0.75 + x * x / \(amount)"
    }
  }

  private mutating func step() -> [String] {
    let place = Int.random(in: 0..<known.frames.count, using: &random)
    let frame = known.frames[place]
    let column = fresh("c")
    switch Int.random(in: 0..<17, using: &random) {
    case 0, 1:
      let name = fresh("f")
      let line = "\(name) = \(frame.name) | derive \(column) = \(expression(frame.column))"
      known.frames.append((name, column))
      return [line]
    case 2:
      let line = "\(frame.name) |= derive \(column) = \(expression(frame.column))"
      known.frames[place].column = column
      return [line]
    case 3:
      // Without a name: on the current frame.
      let current = known.frames[known.current]
      let line = "|= derive \(column) = \(expression(current.column))"
      known.frames[known.current].column = column
      return [line]
    case 4:
      known.current = place
      return ["use \(frame.name)"]
    case 5:
      let name = fresh("k")
      let line = "\(name) = \(known.scalars[known.scalars.count - 1]) * 2 + 1"
      known.scalars.append(name)
      return [line]
    case 6:
      let name = fresh("f")
      let lines = [
        "\(frame.name) | derive \(column) = \(expression(frame.column))", "k0 = 1",
        "\(name) = _ | derive \(column)b = \(column) * \(column)",
      ]
      known.frames.append((name, column + "b"))
      return lines
    case 7:
      let (left, right) = (fresh("f"), fresh("f"))
      known.frames += [(left, frame.column), (right, frame.column)]
      return ["\(left), \(right) = \(frame.name) | split 90% seed=\(number)"]
    case 8:
      let name = fresh("m")
      known.models.append((name, frame.column))
      return ["\(name) = \(frame.name) | fit ols y ~ \(frame.column)"]
    case 9:
      return ["check \(frame.name): count() > 0"]
    case 10:
      let name = fresh("g")
      let line = "def \(name)(v) = v * \(number) + \(number)"
      known.functions.append(name)
      return [line]
    case 11:
      let name = fresh("f")
      known.frames.append((name, frame.column))
      return [
        "export \(frame.name) \"\(name).arrow\"", "load \"\(name).arrow\" as \(name)", "use f0",
      ]
      .enumerated().map { index, line in
        if index == 2 { known.current = 0 }
        return line
      }
    case 12:
      let (means, name) = (fresh("a"), fresh("f"))
      known.frames.append((name, column))
      return [
        "\(means) = \(frame.name) | agg \(means)v = mean(\(frame.column)) by g",
        "\(name) = \(frame.name) | join \(means) on g | derive \(column) = "
          + "\(frame.column) * 2 + \(means)v",
      ]
    case 13:
      let line = "\(frame.name) = \(frame.name) | derive \(column) = \(expression(frame.column))"
      known.frames[place].column = column
      return [line]
    case 14:
      // What the other name stood for is dead, where nothing else was made of it.
      let other = Int.random(in: 0..<known.frames.count, using: &random)
      let name = known.frames[other].name
      known.frames[other].column = column
      return ["\(name) = \(frame.name) | derive \(column) = \(expression(frame.column))"]
    case 15 where known.scalars.count > 1:
      let name = known.scalars[Int.random(in: 1..<known.scalars.count, using: &random)]
      return ["\(name) = \(name) * 2 + 3"]
    default:
      return ["\(frame.name) | agg mean(y), mean(\(frame.column)) by g"]
    }
  }
}
