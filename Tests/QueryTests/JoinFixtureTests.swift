import Columnar
import Language
import Query
import TestSupport
import Testing

/// Joins beside those of DuckDB, made by Tests/Fixtures/joins/make-joins.py.
@Suite struct JoinFixtureTests {
  private func read(_ name: String) throws -> Frame {
    let path = Project.path("Tests/Fixtures/joins/\(name).csv")
    return try LogicalPlan.Source.csv(path: path).read(nil)
  }

  private func joined(
    _ right: Frame, _ kind: LogicalPlan.Join.Kind, on names: [String]
  ) throws -> Frame {
    let keys = names.map { name in
      JoinRequest.Key(
        left: Name(name, Span(0, 1)), right: Name(name, Span(0, 1)), span: Span(0, 1))
    }
    let plan = try LogicalPlan.frame(read("left"), label: "l").joined(
      with: .frame(right, label: "r"),
      JoinRequest(
        rightName: Name("r", Span(0, 1)), keys: keys, kind: kind, expectation: .manyToMany,
        span: Span(0, 1)))
    return try Execution.run(plan).frame
  }

  @Test(arguments: [AsOfDirection.backward, .forward])
  func asOfJoinsAgree(_ direction: AsOfDirection) throws {
    let result = try joined(read("right"), .asOf(direction, nil), on: ["sym", "ts"])
    let expected = try read(direction.rawValue)
    #expect(expected.rowCount == 400)
    #expect(result.projected(["id", "bid"]).rows == expected.rows)
  }

  @Test func fullJoinsAgree() throws {
    let right = try read("right")
    let bids = try #require(right["bid"]).values
    let chosen = try right.filter(
      Bitmap(bids.map { bid in if case .int(let bid) = bid { bid % 8 == 0 } else { false } }))
    let result = try joined(chosen, .matching(.full), on: ["sym"])
    let expected = try read("full")
    func sorted(_ frame: Frame) -> [String] {
      frame.projected(["id", "sym", "q", "bid"]).rows.map { "\($0)" }.sorted()
    }
    #expect(expected.rowCount > 400)
    #expect(sorted(result) == sorted(expected))
  }
}
