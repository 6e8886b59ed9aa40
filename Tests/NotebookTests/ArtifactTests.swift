import Columnar
import Display
import Foundation
import Language
import Notebooks
import Pipelines
import TestSupport
import Testing

/// What passes from step to step comes out as it went in: every value, type and name.
struct ArtifactTests {
  /// Passes a frame from one step to another and reads what arrives.
  private func passed(_ frame: Frame, as name: String = "x") throws -> Frame {
    let workspace = try Workspace()
    let quoted = Language.print(Expr(.name(name), Span(0, 0)))
    let artifact = PipelineSpec.Artifact(name: name, kind: .frame(frame.schema), step: "make")
    let spec = PipelineSpec(
      name: "p", source: "x.md", root: ".", parameters: [], artifacts: [artifact],
      steps: [
        .init(
          id: "make", kind: "read", program: "\(quoted) = given", needs: [], gives: [name],
          inputs: [], outputs: []),
        .init(
          id: "take", kind: "transform", program: "taken = \(quoted)", needs: [artifact.id],
          gives: [], inputs: [], outputs: []),
      ])
    try workspace.write(spec.text, "pipeline.yaml")
    let run = try PipelineRun(path: workspace.path("pipeline.yaml"), arguments: [])
    let maker = try run.worker(for: run.spec.steps[0], like: try workspace.session())
    maker.bind("given", to: .frame(frame))
    try maker.run("\(quoted) = given")
    let kept = try run.keep(run.spec.steps[0], in: maker)
    let taker = try run.worker(
      for: run.spec.steps[1], needs: kept.map { (id: artifact.id, object: $0.object) },
      like: try workspace.session())
    return try taker.frame(of: Name(name))
  }

  private func expectSame(_ frame: Frame, _ name: String = "x") throws {
    let arrived = try passed(frame, as: name)
    #expect(arrived.names == frame.names)
    #expect(arrived.schema == frame.schema)
    #expect(arrived.rowCount == frame.rowCount)
    for (place, column) in frame.columns.enumerated() where arrived.rowCount == frame.rowCount {
      for row in 0..<frame.rowCount {
        let (sent, got) = (column[row], arrived.columns[place][row])
        if case .float(let sent) = sent, case .float(let got) = got {
          #expect(sent.bitPattern == got.bitPattern)
        } else if case .text(let sent) = sent, case .text(let got) = got {
          #expect(Array(sent.utf8) == Array(got.utf8), "\(frame.names[place]) row \(row)")
        } else {
          #expect(sent == got, "\(frame.names[place]) row \(row)")
        }
      }
    }
  }

  static let columns: [(DataType, [Scalar])] = [
    (.int, [.int(.min), .int(.max), .null, .int(0), .int(-1)]),
    (.int, [.int(1), .int(2), .int(3), .int(4), .int(5)]),
    (
      .float,
      [.float(.infinity), .float(-.infinity), .null, .float(-0.0), .float(.leastNonzeroMagnitude)]
    ),
    (.float, [.float(1), .float(0.1), .float(1e300), .float(.pi), .float(1.0 / 3)]),
    (.text, [.text("007"), .text("1.5"), .text("true"), .text("2024-03-01"), .text("1e5")]),
    (.text, [.text(""), .null, .text("NA"), .text("NaN"), .text("-")]),
    (.text, [.text(" a "), .text("\t"), .text("a\nb"), .text("a\r\nb"), .text("a\rb")]),
    (.text, [.text("\""), .text("a,b"), .text("a;b"), .text("é👩‍👩‍👧"), .text("e\u{301}")]),
    (.text, [.null, .null, .null, .null, .null]),
    (.text, [.text("null"), .text("None"), .text("inf"), .text("\u{FEFF}x"), .text("\u{2028}")]),
    (.bool, [.bool(true), .bool(false), .null, .bool(true), .bool(true)]),
    (.date, [.date(0), .null, .date(19_783), .date(-719_162), .date(2_932_896)]),
    (
      .datetime,
      [
        .datetime(0), .null, .datetime(1_709_281_815_123_456), .datetime(-1),
        .datetime(86_400_000_000),
      ]
    ),
    (
      .duration,
      [
        .duration(Duration()), .null, .duration(Duration(microseconds: -5_400_000_001)),
        .duration(Duration(microseconds: .max)), .duration(Duration(microseconds: 86_400_000_000)),
      ]
    ),
  ]

  @Test func allTypesTogether() throws {
    let columns = try Self.columns.map { try Column.scalars($0.1, type: $0.0) }
    try expectSame(Frame(names: columns.indices.map { "c\($0)" }, columns: columns))
  }

  @Test(arguments: 0..<14) func eachAlone(place: Int) throws {
    let (type, values) = Self.columns[place]
    try expectSame(Frame(names: ["only"], columns: [try Column.scalars(values, type: type)]))
  }

  @Test func noRows() throws {
    let columns = try Self.columns.map { try Column.scalars([], type: $0.0) }
    try expectSame(Frame(names: columns.indices.map { "c\($0)" }, columns: columns))
    try expectSame(Frame(names: ["only"], columns: [try Column.scalars([], type: .date)]))
  }

  @Test func oddColumnNames() throws {
    let names = [
      "a b", "a,b", "a\"b", "a`b", "a:b #c", "é", "数据", " a ", "1", "true", "by", "head", "a\nb",
      "_x",
      "x.y", "$a",
    ]
    let columns = try names.map { _ in try Column.scalars([.int(1), .null], type: .int) }
    try expectSame(Frame(names: names, columns: columns))
  }

  @Test(arguments: [
    "a b", "a/b", "../../x", "head", "by", "é", "a.b", String(repeating: "n", count: 300),
  ])
  func oddFrameNames(name: String) throws {
    let column = try Column.scalars([.int(1), .null], type: .int)
    try expectSame(Frame(names: ["a", "b"], columns: [column, column]), name)
  }
}
