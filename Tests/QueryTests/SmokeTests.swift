import Columnar
import Language
import Query
import Testing

@Suite struct SmokeTests {
  func e(_ kind: Expr.Kind) -> Expr { Expr(kind, Span(0, 1)) }
  func name(_ n: String) -> Expr { e(.name(n)) }
  func int(_ n: Int64) -> Expr { e(.integer(n)) }

  func frame() throws -> Frame {
    Frame(
      names: ["a", "b", "s", "d"],
      columns: [
        try .ints([1, nil, 3, 0]), try .floats([0.5, 2, nil, 4]),
        try .texts(["x", "y", nil, "x"]), try .ints([0, 31, 59, nil], type: .date),
      ])
  }

  func run(_ expr: Expr) throws -> [Scalar] {
    let frame = try frame()
    let typed = try bind(expr, in: Scope(schema: frame.schema))
    let column = try typed.evaluate(on: frame).column
    return (0..<4).map { column[$0] }
  }

  @Test func basics() throws {
    #expect(
      try run(e(.binary(.add, name("a"), int(2)))) == [.int(3), .null, .int(5), .int(2)])
    #expect(
      try run(e(.binary(.divide, int(1), name("a")))) == [
        .float(1), .null, .float(1.0 / 3), .null,
      ])
    #expect(
      try run(e(.binary(.equal, name("s"), e(.text("x"))))) == [
        .bool(true), .bool(false), .null, .bool(true),
      ])
    #expect(
      try run(e(.call(function: Name("upper"), arguments: [name("s")]))) == [
        .text("X"), .text("Y"), .null, .text("X"),
      ])
    #expect(
      try run(e(.binary(.add, name("d"), e(.duration([DurationPart(amount: 1, unit: .month)])))))
        == [.date(31), .date(59), .date(90), .null])
    #expect(
      try run(e(.binary(.matches, name("s"), e(.regex(pattern: "X", isCaseInsensitive: true)))))
        == [.bool(true), .bool(false), .null, .bool(true)])
  }
}
