import Testing

@testable import Display

/// Boxes, violins, curves and heat maps.
@Suite struct FigureTextTests {
  private func text(_ plot: Plot, _ width: Int, _ glyphs: RenderContext.Glyphs = .unicode) -> String
  {
    Output.plot(plot).text(RenderContext(width: width, glyphs: glyphs))
  }

  private func boxPlot(_ boxes: [BoxPlot.Box], _ range: ClosedRange<Double>) -> Plot {
    .boxes(
      BoxPlot(
        variable: "x", range: range, kind: .number, scale: .linear, boxes: boxes,
        caption: ["n 3", "0 null"]))
  }

  @Test func box() {
    let box = BoxPlot.Box(
      label: nil, valueCount: 9, nullCount: 0,
      quartiles: .init(lower: 2, median: 4, upper: 6), lowerWhisker: 0, upperWhisker: 8,
      outliers: [(10, 1)])
    let drawn = lines(text(boxPlot([box], 0...10), 32))
    #expect(drawn[0] == "    │     ┌────┰────┐")
    #expect(drawn[1] == "    │├────┤    ┃    ├────┤    •")
    #expect(drawn[2] == "    │     └────┸────┘")
    #expect(drawn.last == "  n 3 · 0 null")
    let plain = lines(text(boxPlot([box], 0...10), 32, .ascii))
    #expect(plain[1] == "    ||----[    #    ]----|    o")
  }

  @Test func nothingToDraw() {
    let none = BoxPlot.Box(label: nil, valueCount: 0, nullCount: 3, quartiles: nil)
    #expect(text(boxPlot([none], 0...1), 80) == "  x has no values to draw\n  n 3 · 0 null\n")
    let curves = Curves(
      kind: "line", shape: .line, xName: "x", yName: "y", xRange: 0...1, yRange: 0...1,
      panels: [.init(label: nil, series: [])], caption: ["n 0"])
    #expect(text(.curves(curves), 80) == "  y over x has no points to draw\n  n 0\n")
    let heatmap = Heatmap(
      measure: "count()", rowName: "a", columnName: "b", rowLabels: ["1"], columnLabels: ["1"],
      panels: [.init(label: nil, values: [[nil]])], caption: ["n 0"])
    #expect(text(.heatmap(heatmap), 80) == "  count() has no values to draw\n  n 0\n")
  }

  @Test func areaAndLine() {
    func curves(_ shape: Curves.Shape) -> Plot {
      .curves(
        Curves(
          kind: "line", shape: shape, xName: "x", yName: "y", xRange: 0...10, yRange: 0...10,
          panels: [
            .init(
              label: nil, series: [.init(label: nil, x: [0, 5, 10], y: [0, 10, 0])])
          ], caption: [], height: 4))
    }
    let area = text(curves(.area), 32).split(separator: "\n")
    #expect(area.count == 8)
    #expect(area[1].contains("█"))
    #expect(area[4].filter { $0 == "█" }.count > 10)
    let line = text(curves(.line), 32, .ascii).split(separator: "\n")
    #expect(line[1].contains("*"))
    #expect(!line[4].contains("**********"))
  }

  @Test func aLogarithmicAxisHasPowersOfTen() {
    let axis = Axis(0.5...20_000, kind: .number, scale: .log, about: 6)
    #expect(axis.ticks.labels == ["1", "10", "100", "1000", "10000"])
    #expect(axis.fraction(100).map { ($0 * 1000).rounded() } == 500)
    let short = Axis(1...90, kind: .number, scale: .log, about: 8)
    #expect(short.ticks.labels == ["1", "2", "5", "10", "20", "50"])
    // Without a logarithm at its lower end it is an axis like others.
    #expect(Axis(0...10, kind: .number, scale: .log, about: 4).scale == .linear)
  }

  @Test func heatmapsSayWhatTheirShadesMean() {
    let heatmap = Heatmap(
      measure: "count()", rowName: "day", columnName: "hour", rowLabels: ["Mon", "Tue"],
      columnLabels: ["0", "1"], panels: [.init(label: nil, values: [[1, 4], [nil, 2]])],
      caption: ["n 7"])
    let result = text(.heatmap(heatmap), 60)
    #expect(result.contains("    Mon ▒▒ 1  ██ 4"))
    #expect(result.contains("    Tue    ·  ▓▓ 2"))
    #expect(result.contains("count()  ▒ 1  ▓ 2  █ 3 to 4"))
  }

  @Test func noFigureIsTooWideOrFails() {
    var generator = SeededGenerator(seed: 12)
    for round in 0..<48 {
      let count = Int.random(in: 1...20, using: &generator)
      let values = (0..<count).map { _ in
        round % 2 == 0
          ? generator.anyFloat() : Double.random(in: -9...9, using: &generator)
      }.sorted()
      let (low, high) = (values[0], values[count - 1])
      let kind = [AxisKind.number, .date, .datetime, .duration][round % 4]
      let scale = round % 3 == 0 ? AxisScale.log : .linear
      let groups = 1 + round % 11
      let labels = (0..<groups).map { "group \($0) · " + String(repeating: "l", count: $0 * 4) }
      let quartiles = BoxPlot.Quartiles(
        lower: values[count / 4], median: values[count / 2], upper: values[count * 3 / 4])
      let densities = values.map { _ in Double.random(in: 0...1, using: &generator) }
      let plots: [Plot] = [
        .boxes(
          BoxPlot(
            variable: String(repeating: "v", count: count * 4), range: low...high, kind: kind,
            scale: scale,
            boxes: labels.map {
              .init(
                label: $0, valueCount: count, nullCount: round, quartiles: quartiles,
                lowerWhisker: low, upperWhisker: high, outliers: values.map { ($0, 1) })
            }, caption: ["n \(count)"])),
        .violins(
          ViolinPlot(
            variable: "v", range: low...high, kind: kind, scale: scale,
            violins: labels.map {
              .init(
                label: $0, valueCount: count, nullCount: round, x: values, density: densities,
                quartiles: quartiles)
            }, caption: ["n \(count)"])),
        .curves(
          Curves(
            kind: "line", shape: [.line, .step, .area][round % 3],
            xName: String(repeating: "x", count: count * 4), yName: "y", xRange: low...high,
            yRange: low...high, xKind: kind, yKind: kind, xScale: scale, yScale: scale,
            panels: labels.map {
              .init(
                label: $0,
                series: [.init(label: "s", x: values, y: values.map { $0 == low ? nil : $0 })],
                note: "n \(count) · \(round) null")
            }, caption: ["n \(count)"])),
        .heatmap(
          Heatmap(
            measure: "mean(x)", rowName: "rows", columnName: "columns",
            rowLabels: labels.indices.map { "row \($0)" },
            columnLabels: values.map { "\($0)" },
            panels: [
              .init(label: nil, values: labels.map { _ in values.map { $0 == low ? nil : $0 } })
            ],
            caption: ["n \(count)"])),
        .bars(
          Bars(
            variable: "v", measure: "m", labels: values.map { "\($0)" },
            panels: labels.map { .init(label: $0, values: values, note: "n \(count)") },
            caption: ["n \(count)"])),
      ]
      for plot in plots {
        for width in [40, 80, 140] {
          for glyphs in [RenderContext.Glyphs.unicode, .ascii] {
            let shown = text(plot, width, glyphs)
            for line in shown.split(separator: "\n") {
              #expect(String(line).columnWidth <= width, "\(line)")
              #expect(!line.hasSuffix(" "), "\(line)")
            }
            if glyphs == .ascii { #expect(shown.utf8.allSatisfy { $0 < 0x80 }, "\(shown)") }
          }
        }
        _ = Output.plot(plot).json()
        #expect(Output.plot(plot).delimited() != nil)
      }
    }
  }
}
