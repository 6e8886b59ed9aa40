/// What `mutate`, `agg` and their kin are given.
extension ForeignPipeline {
  /// `name = expression` for each argument; also `expression.alias("name")`.
  func items(
    _ arguments: [ForeignExpr.Argument], each isDerived: Bool = false
  ) -> [String]? {
    var items: [String] = []
    for argument in arguments {
      // `across(where(is.numeric), mean)`
      if case .call(let function, let given) = argument.value, function.path == "across" {
        var functions = given.count > 1 ? [given[1].value] : []
        if case .call(_, let list)? = functions.first { functions = list.map(\.value) }
        guard !functions.isEmpty,
          let chosen = selecting([given[0].value])?.stages.last?.dropFirst("select ".count)
        else { return nil }
        for function in functions {
          guard let name = function.function(writer) else { return nil }
          if isDerived {
            items.append("each(\(chosen)) = \(name)(_)")
          } else {
            items += chosen.split(separator: ", ").map { "\(name)(\($0))" }
          }
        }
        continue
      }
      var value = argument.value
      var name = argument.name
      if case .call(.member(let inner, "alias"), let alias) = value,
        let word = alias.first?.value.word
      {
        value = inner
        name = word
      }
      // `mass=("body_mass_g", "mean")`
      if case .list(let pair) = value, pair.count == 2, let column = pair[0].word,
        let function = pair[1].word
      {
        let isSize = function == "size"
        value = .call(.name(function), isSize ? [] : [.init(name: nil, value: .name(column))])
      }
      guard let text = writer.text(value) else { return nil }
      items.append(name.map { "\(LiteralText.name($0)) = \(text)" } ?? text)
    }
    return items.isEmpty ? nil : items
  }

  func summarizing(_ arguments: [ForeignExpr.Argument]) -> ForeignPipeline? {
    // `agg({"body_mass_g": "mean"})`
    if case .pairs(let pairs)? = arguments.first?.value {
      var items: [String] = []
      for (column, functions) in pairs {
        guard let column = column.word.map(LiteralText.name) else { return nil }
        let list = if case .list(let list) = functions { list } else { [functions] }
        for function in list {
          guard let function = function.function(writer) else { return nil }
          items.append("\(function)(\(column))")
        }
      }
      return aggregating(items)
    }
    var named = arguments.filter { ![".by", ".groups"].contains($0.name ?? "") }
    var copy = self
    if let keys = arguments.first(where: { $0.name == ".by" })?.value {
      copy.keys = keys.words ?? writer.text(keys).map { [$0] } ?? []
      if case .call(let function, let names) = keys, function.path == "c" {
        copy.keys = ForeignExpr.list(names.map(\.value)).words?.map(LiteralText.name) ?? []
      }
    }
    // `aggregate(y ~ x, data, FUN = mean)` has its formula first.
    if case .binary("~", let y, let x)? = named.first?.value {
      let function = named.first { $0.name == "FUN" }?.value.word ?? "mean"
      guard let keys = x.terms else { return nil }
      var columns = y.words ?? []
      if case .call(.name("cbind"), let given) = y {
        columns = ForeignExpr.list(given.map(\.value)).words ?? []
      }
      guard !columns.isEmpty else { return nil }
      copy.keys = keys.map(LiteralText.name)
      named = columns.map {
        .init(name: nil, value: .call(.name(function), [.init(name: nil, value: .name($0))]))
      }
    }
    guard let items = items(named) else { return nil }
    return copy.aggregating(items)
  }
}
