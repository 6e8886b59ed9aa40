/// Figures of ggplot2, seaborn and matplotlib.
struct ForeignPlot {
  private(set) var pipeline: ForeignPipeline

  /// `ggplot(df, aes(x = a)) + geom_histogram()`; nil where there is no like.
  init?(_ plot: ForeignExpr, _ layer: ForeignExpr, _ writer: ForeignWriter) {
    if case .binary("+", let first, let second) = plot {
      guard let inner = Self(first, second, writer) else { return nil }
      self = inner
      add(layer)
      return
    }
    guard case .call(let function, let arguments) = plot, function.path == "ggplot",
      case .call(let geometry, let settings) = layer, let geometry = geometry.path,
      let input = arguments.first.flatMap({ ForeignPipeline.lowering($0.value, writer) }),
      case .call(_, let mapped)? = arguments.dropFirst().first?.value
        ?? settings.first(where: { if case .call = $0.value { true } else { false } })?.value
    else { return nil }
    func column(_ names: String..., at place: Int) -> String? {
      let value =
        mapped.first { names.contains($0.name ?? "") }?.value
        ?? (mapped.indices.contains(place) && mapped[place].name == nil ? mapped[place].value : nil)
      return value?.word.map(LiteralText.name)
    }
    let figure = Figure(
      x: column("x", at: 0), y: column("y", at: 1), color: column("color", "colour", "fill", at: 9))
    guard let stage = figure.stage(String(geometry.dropFirst("geom_".count))) else { return nil }
    pipeline = input.adding(stage)
  }

  /// What a further layer says; labels and colours say nothing here.
  private mutating func add(_ layer: ForeignExpr) {
    guard case .call(let function, let arguments) = layer, let name = function.path,
      let stage = pipeline.stages.last
    else { return }
    let place = pipeline.stages.count - 1
    if name == "geom_smooth", stage.hasPrefix("scatter ") {
      pipeline.stages[place] = "\(stage) smooth=lm"
    } else if name == "facet_wrap" || name == "facet_grid", !stage.contains(" by "),
      case .unary(_, let key)? = arguments.first?.value, let word = key.word
    {
      pipeline.stages[place] = "\(stage) by \(LiteralText.name(word))"
    }
  }

  /// `sns.boxplot(x="a", y="b", data=df)` and `px.histogram(df, x="a")`; nil where there is no like.
  static func line(
    _ path: String, _ arguments: [ForeignExpr.Argument], _ writer: ForeignWriter
  ) -> String? {
    let parts = path.split(separator: ".").map(String.init)
    guard parts.count == 2, ["sns", "px", "seaborn"].contains(parts[0]) else { return nil }
    func named(_ name: String) -> ForeignExpr? { arguments.first { $0.name == name }?.value }
    let first = arguments.first { $0.name == nil }?.value
    guard let data = (named("data") ?? named("data_frame") ?? first)?.word,
      writer.frames.contains(data)
    else { return nil }
    let color = (named("hue") ?? named("color"))?.word
    let figure = Figure(
      x: named("x")?.word.map(LiteralText.name), y: named("y")?.word.map(LiteralText.name),
      color: color.map(LiteralText.name))
    let kinds = [
      "boxplot": "boxplot", "box": "boxplot", "violinplot": "violin", "violin": "violin",
      "histplot": "histogram", "histogram": "histogram", "displot": "histogram",
      "scatterplot": "point", "scatter": "point", "relplot": "point", "lmplot": "lm",
      "regplot": "lm", "lineplot": "line", "line": "line", "countplot": "bar", "barplot": "col",
      "bar": "col", "kdeplot": "density", "ecdfplot": "ecdf", "stripplot": "boxplot",
      "swarmplot": "boxplot", "catplot": "boxplot",
    ]
    let source = writer.placeholders.contains(data) ? "" : "\(LiteralText.name(data)) | "
    return kinds[parts[1]].flatMap { figure.stage($0) }.map { source + $0 }
  }

  /// Which columns stand where.
  private struct Figure {
    var x: String?
    var y: String?
    var color: String?

    func stage(_ kind: String) -> String? {
      let by = color.map { " by \($0)" } ?? ""
      switch (kind, x, y) {
      case ("histogram", let x?, _): return "hist \(x)\(by)"
      case ("density", let x?, _): return "density \(x)\(by)"
      case ("ecdf", let x?, _): return "ecdf \(x)\(by)"
      case ("point", let x?, let y?):
        return "scatter \(x), \(y)" + (color.map { " color=\($0)" } ?? "")
      case ("lm", let x?, let y?): return "scatter \(x), \(y) smooth=lm"
      case ("bar", let x?, nil): return "tabulate \(x)"
      case ("col", let x?, let y?): return "bar mean(\(y)) over \(x)\(by)"
      case ("boxplot", let x?, let y?): return "box \(y) by \(x)"
      case ("boxplot", nil, let y?), ("boxplot", let y?, nil): return "box \(y)"
      case ("violin", let x?, let y?): return "violin \(y) by \(x)"
      case ("line", let x?, let y?): return "line \(y) over \(x)\(by)"
      default: return nil
      }
    }
  }
}
