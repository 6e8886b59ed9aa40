extension Plot {
  /// The figure in lines of at most the width.
  func text(_ context: RenderContext) -> String {
    switch self {
    case .histogram(let histogram): histogram.text(context)
    case .bars(let bars): bars.text(context)
    case .scatter(let scatter): scatter.text(context)
    case .curves(let curves): curves.text(context)
    case .boxes(let boxes): boxes.text(context)
    case .violins(let violins): violins.text(context)
    case .heatmap(let heatmap): heatmap.text(context)
    }
  }
}
