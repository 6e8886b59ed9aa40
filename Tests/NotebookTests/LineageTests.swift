import Display
import Foundation
import Notebooks
import Pipelines
import Query
import TestSupport
import Testing

/// Where columns come from is carried through verbs and names.
@Suite struct LineageTests {
  /// Runs lines on two tables and gives the lineage of `r`: for each column, its origins as
  /// `t.a IDENTITY`, and what decides about rows.
  private func origins(_ lines: String) throws -> (columns: [String: [String]], rows: [String]?) {
    let workspace = try Workspace()
    try workspace.write("a,b,g\n1,2.5,x\n2,,y\n3,1.5,x\n", "t.csv")
    try workspace.write("g,w\nx,10\ny,20\n", "u.csv")
    let session = try workspace.session()
    session.tracesColumns = true
    for line in ["load \"t.csv\" as t", "load \"u.csv\" as u"] { try session.run(line) }
    for line in lines.split(separator: "\n") { try session.run(String(line)) }
    let lineage = session.lineage(of: "r") ?? .unknown
    func texts(_ origins: FrameLineage.Origins) -> [String] {
      origins.sorted { $0.key < $1.key }.map { field, uses in
        let table = Path.stem(field.dataset)
        let how = uses.sorted().map { $0.kind.rawValue + ($0.isMasked ? "*" : "") }
        return "\(table).\(field.column) \(how.joined(separator: " "))"
      }
    }
    return (lineage.columns.mapValues(texts), lineage.rows.map(texts))
  }

  @Test(
    arguments: [
      ("r = t", ["a": ["t.a IDENTITY"], "b": ["t.b IDENTITY"], "g": ["t.g IDENTITY"]], []),
      (
        "r = t | derive s = a + b, h = s * 2 | select h",
        ["h": ["t.a TRANSFORMATION", "t.b TRANSFORMATION"]], []
      ),
      (
        "r = t | filter b > 1 | rename a -> z | select z",
        ["z": ["t.a IDENTITY"]], ["t.b FILTER"]
      ),
      (
        "r = t | agg n = count(), m = mean(a * b) by g",
        ["g": ["t.g IDENTITY"], "n": [], "m": ["t.a AGGREGATION", "t.b AGGREGATION"]],
        ["t.g GROUP_BY"]
      ),
      (
        "r = t | join u on g | select a, w",
        ["a": ["t.a IDENTITY"], "w": ["u.w IDENTITY"]], ["t.g JOIN", "u.g JOIN"]
      ),
      (
        "r = t | derive c = if a > 1 then b else 0 | select c",
        ["c": ["t.a CONDITIONAL", "t.b TRANSFORMATION"]], []
      ),
      (
        "r = t | sort -b | derive p = lag(a) sort b | select p",
        ["p": ["t.a TRANSFORMATION", "t.b WINDOW"]], ["t.b SORT"]
      ),
      (
        "r = t | melt a, b into k, v",
        ["g": ["t.g IDENTITY"], "k": [], "v": ["t.a TRANSFORMATION", "t.b TRANSFORMATION"]], []
      ),
      // Through names, definitions and a frame that is bound anew.
      (
        "s = t | derive d = a * 2\ns |= filter d > 0\nr = s | agg top = max(d)",
        ["top": ["t.a AGGREGATION"]], ["t.a FILTER"]
      ),
      (
        "def big(x) = x | filter a > 1 | select b\nr = big(t)",
        ["b": ["t.b IDENTITY"]], ["t.a FILTER"]
      ),
      ("r, other = t | split 60% seed=1 by g", nil, ["t.g GROUP_BY"]),
      // A value that data decide is a constant to the plan: what it touched is left out.
      (
        "avg = t | agg m = mean(a)\nr = t | derive d = a - $avg | select d, g",
        ["g": ["t.g IDENTITY"]], []
      ),
      (
        "avg = t | agg m = mean(a)\nr = t | filter a > $avg | select g", ["g": ["t.g IDENTITY"]],
        nil
      ),
      // A parameter is none of that.
      (
        "param k = 2\nlimit = k * 2\nr = t | derive d = a * $k + $limit | select d",
        ["d": ["t.a TRANSFORMATION"]], []
      ),
      // Nothing is known of what a report or a list gives.
      ("r = [1, 2, 3]", [:], nil),
      (
        "param key secret=\"LINEAGE_KEY\"\nr = t | pseudonymize g key=$key | select g",
        ["g": ["t.g TRANSFORMATION*"]], []
      ),
    ] as [(String, [String: [String]]?, [String]?)])
  func lines(_ lines: String, columns: [String: [String]]?, rows: [String]?) throws {
    setenv("LINEAGE_KEY", "sixteen bytes and more", 1)
    let found = try origins(lines)
    if let columns { #expect(found.columns == columns, "\(lines)") }
    #expect(found.rows == rows, "\(lines)")
  }

  @Test func appendedRowsComeFromBoth() throws {
    let found = try origins("s = u | rename w -> a\nr = t | select g, a | append s")
    #expect(
      found.columns == [
        "g": ["t.g IDENTITY", "u.g IDENTITY"], "a": ["t.a IDENTITY", "u.w IDENTITY"],
      ])
    #expect(found.rows == [])
  }

  @Test func predictionsComeFromThePredictors() throws {
    let workspace = try Workspace()
    let session = try workspace.session()
    session.tracesColumns = true
    for line in [
      "load \"datasets/penguins.csv\" as p",
      "m = p | fit ols body_mass_g ~ log(flipper_length_mm) + species",
      "s = p | predict m as guess | select guess, island",
    ] { try session.run(line) }
    let lineage = try #require(session.lineage(of: "s"))
    #expect(
      lineage.columns["guess"]?.keys.map(\.column).sorted() == ["flipper_length_mm", "species"])
    #expect(lineage.columns["island"]?.values.first == [.init(.identity)])
    #expect(lineage.rows == [:])
  }
}
