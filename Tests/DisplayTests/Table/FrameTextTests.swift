import Columnar
import Testing

@testable import Display

@Suite struct FrameTextTests {
  @Test func everythingFits() throws {
    let output = Output.frame(FrameOutput(frame: try Samples.penguins()))
    #expect(
      output.text(RenderContext(width: 120)) == """
          species  island     bill_length_mm  bill_depth_mm  flipper_length_mm  body_mass_g  sex     year
          text     text                float          float                int          int  text     int
          Adelie   Torgersen            39.1           18.7                181         3750  male    2007
          Adelie   Torgersen            39.5           17.4                186         3800  female  2007
          Adelie   Torgersen            40.3           18.0                195         3250  female  2007
          Adelie   Torgersen               ·              ·                  ·            ·  ·       2007
          Adelie   Torgersen            36.7           19.3                193         3450  female  2007

        """)
  }

  @Test func whatDoesNotFitIsSaid() throws {
    let output = Output.frame(
      FrameOutput(frame: try Samples.penguins(), footer: ["5 of 344 rows kept"]))
    #expect(
      output.text(RenderContext(width: 80, rowLimit: 2)) == """
          species  island     bill_length_mm  bill_depth_mm  flipper_length_mm
          text     text                float          float                int
          Adelie   Torgersen            39.1           18.7                181
          Adelie   Torgersen            39.5           17.4                186
          … 3 more rows · 3 more columns: body_mass_g, sex, year
          5 rows × 8 columns · 5 of 344 rows kept

        """)
    #expect(
      output.text(RenderContext(width: 40, glyphs: .ascii, rowLimit: 1)) == """
          species  island     bill_length_mm
          text     text                float
          Adelie   Torgersen            39.1
          ... 4 more rows, 5 more columns:
            bill_depth_mm, ...
          5 rows x 8 columns, 5 of 344 rows kept

        """)
  }

  @Test func pipesGetEverything() throws {
    let text = Output.frame(FrameOutput(frame: try Samples.penguins())).text(.pipe)
    #expect(lines(text).count == 7)
    #expect(lines(text)[0].hasSuffix("year"))
  }

  @Test func asciiHasItsOwnNull() throws {
    let frame = Frame(names: ["x"], columns: [try .ints([1, nil])])
    #expect(
      Output.frame(FrameOutput(frame: frame)).text(RenderContext(glyphs: .ascii))
        == "     x\n   int\n     1\n  null\n")
  }

  @Test func colourMarksNamesTypesAndNulls() throws {
    let frame = Frame(names: ["x"], columns: [try .ints([1, nil])])
    #expect(
      Output.frame(FrameOutput(frame: frame)).text(RenderContext(usesColor: true))
        == "  \u{1B}[1m  x\u{1B}[0m\n  \u{1B}[2mint\u{1B}[0m\n    1\n  \u{1B}[2m  ·\u{1B}[0m\n")
  }

  @Test func noRowsAndNoColumns() throws {
    let empty = Frame(names: ["a", "b"], columns: [try .ints([]), try .texts([])])
    #expect(
      Output.frame(FrameOutput(frame: empty)).text(RenderContext())
        == "    a  b\n  int  text\n  0 rows × 2 columns\n")
    let nothing = Frame(names: [], columns: [])
    #expect(
      Output.frame(FrameOutput(frame: nothing)).text(RenderContext()) == "  0 rows × 0 columns\n")
  }

  @Test func pointsAlignAndLongTextIsCut() throws {
    let frame = Frame(
      names: ["note", "x", "at"],
      columns: [
        try .texts([String(repeating: "long ", count: 30), "a\nb", "日本語"]),
        try .floats([1.5, 1.0 / 3, -1234.25]),
        try .ints([0, 60_000_000, nil], type: .datetime),
      ])
    #expect(
      Output.frame(FrameOutput(frame: frame)).text(RenderContext(width: 60)) == """
          note                                   x  at
          text                               float  datetime
          long long long long long …      1.50000   1970-01-01 00:00
          a␊b                             0.333333  1970-01-01 00:01
          日本語                      -1234.250     ·

        """)
  }

  @Test func noLineIsTooWide() throws {
    var generator = SeededGenerator(seed: 7)
    let words = ["x", "日本語", "a rather long text that goes on", "\u{1B}[0m", "e\u{301}"]
    for _ in 0..<150 {
      var names: [String] = []
      var columns: [Column] = []
      for place in 0..<Int.random(in: 0...9, using: &generator) {
        names.append(
          "c\(place)" + String(repeating: "n", count: Int.random(in: 0...40, using: &generator)))
        columns.append(
          try [
            .texts((0..<4).map { _ in words.randomElement(using: &generator) }),
            .floats((0..<4).map { _ in generator.anyFloat() }),
            .ints((0..<4).map { _ in Int64(bitPattern: generator.next()) }),
            .ints((0..<4).map { _ in Int64(bitPattern: generator.next()) }, type: .datetime),
            .ints((0..<4).map { _ in Int64(bitPattern: generator.next()) }, type: .duration),
          ].randomElement(using: &generator) ?? .texts([nil, nil, nil, nil]))
      }
      let output = Output.frame(
        FrameOutput(frame: Frame(names: names, columns: columns), footer: ["1 of 2 rows · kept"]))
      for width in [40, 57, 80, 120] {
        for glyphs in [RenderContext.Glyphs.unicode, .ascii] {
          let text = output.text(RenderContext(width: width, glyphs: glyphs, rowLimit: 3))
          for line in lines(text) {
            #expect(String(line).columnWidth <= width, "\(line)")
            #expect(!line.hasSuffix(" "))
          }
        }
      }
    }
  }

  @Test func everyNumberShownIsTheValueWithinSixDigits() throws {
    var generator = SeededGenerator(seed: 8)
    for _ in 0..<200 {
      let values = (0..<5).map { _ in
        Bool.random(using: &generator)
          ? generator.anyFloat() : Double.random(in: -1e7...1e7, using: &generator)
      }
      let frame = Frame(names: ["x"], columns: [try .floats(values)])
      let shown = lines(Output.frame(FrameOutput(frame: frame)).text(RenderContext())).dropFirst(2)
      for (value, text) in zip(values, shown) {
        let digits = String(text.filter { $0 != " " })
        let read = try #require(Double(digits))
        #expect((read - value).magnitude <= value.magnitude * 5.0001e-6)
      }
    }
  }

  @Test func writingStopsWhenTheSinkThrows() throws {
    struct Full: Error {}
    let output = Output.frame(FrameOutput(frame: try Samples.penguins()))
    var count = 0
    #expect(throws: Full.self) {
      try output.write(RenderContext()) { _ in
        count += 1
        if count == 3 { throw Full() }
      }
    }
    #expect(count == 3)
  }
}
