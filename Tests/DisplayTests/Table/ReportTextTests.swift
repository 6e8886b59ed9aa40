import Testing

@testable import Display

@Suite struct ReportTextTests {
  @Test func describe() {
    #expect(
      Output.report(Samples.describe).text(RenderContext(width: 80)) == """
        344 rows × 8 columns · 19 nulls in 5 columns · no duplicate rows

          number          nulls       mean        sd     min       25%     max
          bill_length_mm      2    43.9219  5.45958     32.1    39.225    59.6  ▂▅▆▃▆▇▂▁
          year                0  2008.03    0.818356  2007    2007      2009    ▆   ▇  ▇

          text     nulls  distinct  most frequent
          species      0         3  Adelie 152 (44%) · Gentoo 124 (36%) · …
          sex         11         2  male 168 (50%) · female 165 (50%)

        """)
  }

  @Test func model() {
    #expect(
      Output.report(Samples.model).text(RenderContext(width: 120)) == """
        m  ols  body_mass_g ~ flipper_length_mm + species     342 rows (2 left out: null)

                             estimate  std error      t        p  95% interval
          (intercept)        -4031.48    584.151  -6.90  2.6e-11  [-5180.51, -2882.45]
          flipper_length_mm   40.7054    3.07102  13.25  1.4e-32  [ 34.6647,  46.7461]
          species Chinstrap  -206.510    57.7306  -3.58  0.00040  [-320.067, -92.9535]  reference Adelie

          R² 0.7826 · adjusted 0.7807 · residual sd 375.535 on 338 df · F 405.693, p 1.2e-111
          diagnose m · evaluate m on test · predict m

        """)
  }

  /// Sentences go on below, lists as `a|b` break at their bars, and nothing is cut or left out.
  @Test func sentencesGoOnInTheNextLine() {
    let table = ReportTable(
      key: "options",
      columns: [
        ReportColumn("name", title: "option"), ReportColumn("values", wraps: true),
        ReportColumn("meaning", title: "", wraps: true),
      ],
      rows: [
        [
          .text("target="), .text("make|dvc|snakemake|airflow"),
          .text("what runs it besides Kaizen, or a list of these"),
        ], [.text("retries="), .text("N"), .text("how often")],
      ])
    let output = Output.report(Report(kind: "help", sections: [.table(table)]))
    #expect(
      output.text(RenderContext(width: 60)) == """
          option    values
          target=   make|dvc|snakemake       what runs it besides
                    |airflow                 Kaizen, or a list of
                                             these
          retries=  N                        how often

        """)
    #expect(output.isWholeOnScreen(RenderContext(width: 60)))
    #expect(output.isWholeOnScreen(RenderContext(width: 200)))
    #expect(!Output.report(Samples.describe).isWholeOnScreen(RenderContext(width: 60)))
    // For programs a row is a line.
    #expect(output.text(.pipe).split(separator: "\n").count == 3)
  }

  @Test func narrowTerminalsDropThenContinueBelow() {
    #expect(
      Output.report(Samples.model).text(RenderContext(width: 40)) == """
        m  ols  body_mass_g ~ flipper_length_mm
           + species
          342 rows (2 left out: null)

                             estimate  std error
          (intercept)        -4031.48    584.151
          flipper_length_mm   40.7054    3.07102
          species Chinstrap  -206.510    57.7306
                                 t        p
          (intercept)        -6.90  2.6e-11
          flipper_length_mm  13.25  1.4e-32
          species Chinstrap  -3.58  0.00040
          … 2 more columns: 95% interval, note

          R² 0.7826 · adjusted 0.7807
            residual sd 375.535 on 338 df
            F 405.693, p 1.2e-111
          diagnose m · evaluate m on test
            predict m

        """)
  }

  @Test func ascii() {
    let text = Output.report(Samples.describe).text(RenderContext(width: 80, glyphs: .ascii))
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
    #expect(text.contains("344 rows x 8 columns, 19 nulls in 5 columns, no duplicate rows\n"))
    #expect(text.contains("59.6  :+*-*#:."))
  }

  @Test func barsTakeTheRoomThatIsLeft() {
    let report = Report(
      kind: "tabulate",
      sections: [
        .table(
          ReportTable(
            key: "counts",
            columns: [
              ReportColumn("species"), ReportColumn("share", .right),
              ReportColumn("bar", title: ""),
            ],
            rows: [
              [.text("Adelie"), .share(count: 152, of: 344), .bar(fraction: 1)],
              [.null, .share(count: 1, of: 344), .bar(fraction: 1 / 152.0)],
              [.text("Gentoo"), .share(count: 76, of: 344), .bar(fraction: 0.5)],
              [.text("none"), .share(count: 0, of: 344), .bar(fraction: 0)],
            ]))
      ])
    #expect(
      Output.report(report).text(RenderContext(width: 41)) == """
          species      share
          Adelie   152 (44%)  ███████████████████
          ·          1 (<1%)  ▏
          Gentoo    76 (22%)  █████████▌
          none        0 (0%)

        """)
  }

  @Test func dataCannotBreakTheLines() {
    let report = Report(
      kind: "x", title: ["a\nb"],
      sections: [
        .table(
          ReportTable(key: "t", columns: [ReportColumn("c\u{1B}[2J")], rows: [[.text("x\ny")], []])),
        .text(["line\u{7}"]),
      ], footer: ["f\r"])
    let text = Output.report(report).text(RenderContext())
    #expect(text == "a␊b\n\n  c␛[2J\n  x␊y\n\n\n  line␇\n\n  f␍\n")
  }

  @Test func noLineIsTooWide() {
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<300 {
      let columns = (0..<Int.random(in: 1...9, using: &generator)).map { place in
        ReportColumn(
          "column_\(place)",
          title: String(repeating: "t", count: Int.random(in: 0...30, using: &generator)),
          [.left, .right, .decimal].randomElement(using: &generator) ?? .left,
          droppable: Int.random(in: 0...2, using: &generator))
      }
      let rows = (0..<4).map { _ in columns.map { _ in randomCell(&generator) } }
      let report = Report(
        kind: "x", title: ["m  ols  y ~ x     342 rows (2 left out: null) · and so on"],
        sections: [.table(ReportTable(key: "t", columns: columns, rows: rows))],
        footer: ["n 342 · residual sd 375.535 on 338 df · F 405.693 on 3 and 338 df"])
      for width in [40, 61, 80, 120] {
        for glyphs in [RenderContext.Glyphs.unicode, .ascii] {
          for line in lines(Output.report(report).text(RenderContext(width: width, glyphs: glyphs)))
          {
            #expect(String(line).columnWidth <= width, "\(line)")
            #expect(!line.hasSuffix(" "))
          }
        }
      }
    }
  }

  private func randomCell(_ generator: inout SeededGenerator) -> Cell {
    switch Int.random(in: 0..<10, using: &generator) {
    case 0: .empty
    case 1: .null
    case 2: .text(String(repeating: "word ", count: Int.random(in: 0...12, using: &generator)))
    case 3: .int(Int64(bitPattern: generator.next()))
    case 4: .number(generator.anyFloat(), .significant(6))
    case 5: .share(count: 3, of: 1_000_000)
    case 6: .interval(generator.anyFloat(), generator.anyFloat())
    case 7: .bar(fraction: Double.random(in: 0...1, using: &generator))
    case 8: .spark((0..<8).map { _ in Int.random(in: 0...9, using: &generator) })
    default: .shown("日本語 · 日本語 · 日本語", .int(1))
    }
  }
}
