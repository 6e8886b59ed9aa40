import Columnar
import Language
import Query
import Testing

/// Inner joins by plain text that leave left rows out.
@Suite struct JoinTextTests {
  private func texts(_ values: [String?], isPlain: Bool) throws -> Column {
    guard isPlain else { return try .texts(values) }
    return Column(
      type: .text, storage: .text(try TextStorage(values.map { $0 ?? "" })),
      validity: values.contains(nil) ? try Bitmap(values.map { $0 != nil }) : nil)
  }

  private func joined(
    _ keys: [String?], _ others: [String?], isPlain: Bool, on names: [String]
  ) throws -> Frame {
    let left = Frame(
      names: ["v", "k", "n"],
      columns: [
        try .ints((0..<keys.count).map { Int64($0) }), try texts(keys, isPlain: isPlain),
        try .ints((0..<keys.count).map { Int64($0 % 2) }),
      ])
    let right = Frame(
      names: ["key", "n", "w"],
      columns: [
        try texts(others, isPlain: isPlain),
        try .ints((0..<others.count).map { Int64($0 % 2) }),
        try .ints((0..<others.count).map { Int64($0 * 10) }),
      ])
    let pairs = [(left: "k", right: "key"), (left: "n", right: "n")]
    let request = pairs.filter { names.contains($0.left) }.map {
      JoinRequest.Key(
        left: Name($0.left, Span(0, 1)), right: Name($0.right, Span(0, 1)), span: Span(0, 1))
    }
    let plan = try LogicalPlan.frame(left, label: "l").joined(
      with: .frame(right, label: "r"),
      JoinRequest(
        rightName: Name("r", Span(0, 1)), keys: request, kind: .matching(.inner),
        expectation: nil, span: Span(0, 1)))
    return try Execution.run(plan).frame
  }

  /// The key's texts are those of the right side where no two of these are equal, and rows may be the
  /// same text under any key.
  @Test(arguments: [["k"], ["k", "n"]]) func keysAreThoseOfTheRight(_ names: [String]) throws {
    let distinct = (0..<60).map { "text \($0)" }
    let keys = (0..<900).map { row in row % 11 == 0 ? nil : "text \(row * 7 % 67)" }
    for others: [String?] in [
      distinct, distinct.map { $0 == "text 3" ? nil : $0 },
      distinct.map { $0 == "text 3" ? "text 5" : $0 },
      distinct.map { $0 == "text 3" ? "text 4" : $0 },
    ] {
      let plain = try joined(keys, others, isPlain: true, on: names)
      let coded = try joined(keys, others, isPlain: false, on: names)
      #expect(plain.schema == coded.schema && plain.rows == coded.rows)
      #expect(plain.rowCount > 300 && plain.rowCount < 900)
      let isCoded = if case .dictionary = plain["k"]?.storage { true } else { false }
      #expect(isCoded == (others.compactMap { $0 } == distinct))
    }
  }
}
