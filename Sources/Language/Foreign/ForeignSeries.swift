extension ForeignStage {
  /// KQL's `make-series avg(x) on t step 7d by k`, from its second word on: a row a bin.
  func series(_ tokens: [ForeignToken], _ input: ForeignPipeline) -> ForeignPipeline? {
    guard tokens.count > 2, tokens[1].lowered == "series",
      let on = tokens.firstIndex(where: { $0.lowered == "on" }),
      let step = tokens.firstIndex(where: { $0.lowered == "step" }), step + 1 < tokens.count,
      on > 2, on + 1 < step, tokens[on + 1].kind == .word, tokens[step + 1].kind == .number,
      let items = named(Array(tokens[2..<on]))
    else { return nil }
    var copy = input
    copy.keys = ["bin(\(LiteralText.name(tokens[on + 1].text)), \(tokens[step + 1].text))"]
    let rest = Array(tokens[(step + 2)...])
    if rest.first?.lowered == "by" {
      guard let keys = named(Array(rest.dropFirst())) else { return nil }
      copy.keys = keys.components(", ") + copy.keys
    }
    return copy.aggregating([items])
  }
}
