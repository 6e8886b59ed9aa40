import Testing

@testable import Display

@Suite struct PlotTextTests {
  private func text(_ plot: Plot, _ width: Int, _ glyphs: RenderContext.Glyphs = .unicode) -> String
  {
    Output.plot(plot).text(RenderContext(width: width, glyphs: glyphs))
  }

  @Test func histogram() {
    #expect(
      text(.histogram(Samples.mass), 80) == """
          body_mass_g                                                              count
            [2500, 3000) ▕█████▎                                                       9
            [3000, 3500) ▕████████████████████████████████████▎                       62
            [3500, 4000) ▕███████████████████████████████████████████████████████     94
            [4000, 4500) ▕██████████████████████████████████▌                         59
            [4500, 5000) ▕█████████████████████████████▉                              51
            [5000, 5500) ▕███████████████████▉                                        34
            [5500, 6000) ▕█████████████████                                           29
            [6000, 6500) ▕██▍                                                          4
          n 342 · 2 null · bin 500

        """)
    #expect(
      text(.histogram(Samples.mass), 40, .ascii) == """
          body_mass_g                      count
            [2500, 3000) |#                    9
            [3000, 3500) |##########          62
            [3500, 4000) |###############     94
            [4000, 4500) |#########           59
            [4500, 5000) |########            51
            [5000, 5500) |#####               34
            [5500, 6000) |#####               29
            [6000, 6500) |#                    4
          n 342, 2 null, bin 500

        """)
  }

  @Test func panelsSideBySide() {
    #expect(
      text(.histogram(Samples.massBySpecies), 80) == """
          body_mass_g    species = Adelie     species = Chinstrap  species = Gentoo
            [2500, 3000) ▕█▊               7  ▕▌                2  ▕                 0
            [3000, 3500) ▕████████████▏   47  ▕███▉            15  ▕                 0
            [3500, 4000) ▕███████████████ 58  ▕█████████       35  ▕▎                1
            [4000, 4500) ▕████████        31  ▕███▍            13  ▕███▉            15
            [4500, 5000) ▕██▏              8  ▕▊                3  ▕██████████▍     40
            [5000, 5500) ▕                 0  ▕                 0  ▕████████▊       34
            [5500, 6000) ▕                 0  ▕                 0  ▕███████▌        29
            [6000, 6500) ▕                 0  ▕                 0  ▕█                4
                         n 151 · 1 null       n 68 · 0 null        n 123 · 1 null
          n 342 · 2 null · bin 500

        """)
  }

  @Test func panelsBelowEachOther() {
    let result = lines(text(.histogram(Samples.massBySpecies), 40))
    #expect(result[1] == "  species = Adelie                 count")
    #expect(result[4] == "    [3500, 4000) ▕███████████████     58")
    #expect(result[10] == "  n 151 · 1 null")
    #expect(result.last == "  n 342 · 2 null · bin 500")
  }

  @Test func nothingToDraw() {
    let nulls = Histogram(
      variable: "x", binLabels: [], edges: [], binWidth: nil,
      panels: [.init(label: nil, counts: [], valueCount: 0, nullCount: 344)])
    #expect(text(.histogram(nulls), 80) == "  x has no values to draw\n  n 0 · 344 null\n")
    let noPanels = Histogram(variable: "x", binLabels: [], edges: [], binWidth: nil, panels: [])
    #expect(text(.histogram(noPanels), 80) == "  x has no values to draw\n  n 0 · 0 null\n")
    let bars = Bars(variable: "x", measure: "n", labels: ["a"], values: [nil], caption: ["n 0"])
    #expect(text(.bars(bars), 80) == "  x has no values to draw\n  n 0\n")
    let points = Scatter(
      xName: "x", yName: "y", xRange: 0...1, yRange: 0...1, series: [], caption: ["n 0"])
    #expect(text(.scatter(points), 80) == "  y over x has no points to draw\n  n 0\n")
  }

  @Test func bars() {
    let bars = Bars(
      variable: "species", measure: "delta", labels: ["Adelie", "Gentoo", "null", "big"],
      values: [-5, 2.5, nil, .infinity], caption: ["n 3", "1 null"])
    #expect(
      text(.bars(bars), 50)
        == """
          species                                    delta
            Adelie  ████████████████████▕             -5
            Gentoo                      ▕██████████    2.5
              null                      ▕                ·
               big                      ▕██████████  inf
          n 3 · 1 null

        """)
  }

  @Test func dotsStandWhereTheirPointsAre() {
    var canvas = Canvas(width: 2, height: 1)
    canvas.add(x: 0, y: 0, weight: 1)
    #expect(canvas.braille(column: 0, row: 0) == "⡀")
    canvas.add(x: 0, y: 1, weight: 1)
    #expect(canvas.braille(column: 0, row: 0) == "⡁")
    canvas.add(x: 1, y: 1, weight: 5)
    #expect(canvas.braille(column: 1, row: 0) == "⠈")
    canvas.add(x: 1, y: 0, weight: 1)
    #expect(canvas.braille(column: 1, row: 0) == "⢈")
    #expect(canvas.count(column: 1, row: 0) == 6)
    canvas.add(x: 0.25, y: 0.5, weight: 1)
    #expect(canvas.braille(column: 0, row: 0) == "⡑")
    canvas.add(x: -1, y: 3, weight: 1)
  }

  @Test func scatter() {
    let points = (0...20).map { Double($0) }
    let scatter = Scatter(
      xName: "x", yName: "y", xRange: 0...20, yRange: 0...20,
      series: [.init(label: nil, x: points, y: points, weights: points.map { _ in 1 })],
      caption: ["n 21", "0 null"])
    #expect(
      text(.scatter(scatter), 40) == """
          y
            20 ┤                           ⢀ ⠂⠈
               │                        ⢀ ⠂
               │                     ⢀ ⠂
               │                  ⢀ ⠂
            10 ┤               ⢀ ⠂
               │            ⡀⠐
               │         ⡀⠐
               │      ⡀⠐
               │   ⡀⠐
             0 ┤⡀⠐
               └┬──────┬───────┬───────┬──────┬
                0      5      10      15     20
                                              x
          n 21 · 0 null

        """)
  }

  @Test func scatterSaysWhatLiesOutsideAndWhichSeriesIsWhich() {
    let scatter = Scatter(
      xName: "x", yName: "y", xRange: 0...1, yRange: 0...1,
      series: [
        .init(label: "a", x: [0.1, 5], y: [0.1, 5], weights: [1, 3]),
        .init(label: "b", x: [0.9], y: [0.9], weights: [1]),
      ], lines: [.init(label: "lm", intercept: 0, slope: 1)], caption: ["n 5"])
    let result = text(.scatter(scatter), 60)
    #expect(result.hasSuffix("  ● a   ○ b   ─ lm\n  n 5 · 3 outside\n"))
    #expect(result.contains("●"))
    #expect(result.contains("╱") || result.contains("⎽"))
  }

  @Test func manyRowsBecomeShades() {
    var generator = SeededGenerator(seed: 10)
    let x = (0..<20000).map { _ in Double.random(in: 0...1, using: &generator) }
    let y = x.map { $0 * Double.random(in: 0...1, using: &generator) }
    let scatter = Scatter(
      xName: "x", yName: "y", xRange: 0...1, yRange: 0...1,
      series: [.init(label: nil, x: x, y: y, weights: x.map { _ in 1 })], caption: ["n 20,000"])
    #expect(text(.scatter(scatter), 80).contains("rows a cell: ░ 1"))
    #expect(text(.scatter(scatter), 80, .ascii).contains("rows a cell: . 1"))
  }

  @Test func noPlotIsTooWideOrFails() {
    var generator = SeededGenerator(seed: 11)
    for round in 0..<60 {
      let count = Int.random(in: 1...30, using: &generator)
      func floats() -> [Double] {
        (0..<count).map { _ in
          round % 2 == 0 ? generator.anyFloat() : Double.random(in: -9...9, using: &generator)
        }
      }
      let (x, y) = (floats(), floats())
      let kind = [AxisKind.number, .date, .datetime, .duration][round % 4]
      let series = Scatter.Series(label: "s", x: x, y: y, weights: x.map { _ in Int.max / 2 })
      let plots: [Plot] = [
        .scatter(
          Scatter(
            xName: String(repeating: "x", count: count * 3), yName: "y",
            xRange: (x.min() ?? 0)...(x.max() ?? 0), yRange: (y.min() ?? 0)...(y.max() ?? 0),
            xKind: kind, yKind: kind, series: round % 3 == 0 ? [series, series] : [series],
            lines: [.init(label: "lm", intercept: x[0], slope: y[0])], caption: ["n \(count)"])),
        .bars(
          Bars(
            variable: String(repeating: "v", count: count * 3), measure: "m",
            labels: x.map { "label \($0)" }, values: y, caption: ["n \(count) · 0 null"])),
        .histogram(
          Histogram(
            variable: String(repeating: "v", count: count * 3),
            binLabels: x.map { "[\($0), \($0))" }, edges: Array(repeating: 0, count: count + 1),
            binWidth: "1",
            panels: (0...round % 5).map {
              .init(
                label: "group = \($0)",
                counts: x.map { _ in Int.random(in: 0...9, using: &generator) },
                valueCount: count, nullCount: round)
            })),
      ]
      for plot in plots {
        for width in [40, 80, 120] {
          for glyphs in [RenderContext.Glyphs.unicode, .ascii] {
            for line in lines(text(plot, width, glyphs)) {
              #expect(String(line).columnWidth <= width, "\(line)")
              #expect(!line.hasSuffix(" "), "\(line)")
            }
          }
        }
      }
    }
  }
}
