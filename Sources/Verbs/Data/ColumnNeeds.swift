import Language

/// What stages need of a source, told from their syntax alone.
extension [Stage] {
  /// How many rows `head N` or `take N` alone asks for; nil for any other stages.
  var peekLimit: Int? {
    guard count == 1, let stage = first, ["head", "take"].contains(stage.verb.text),
      stage.clauses.isEmpty, stage.items.count < 2
    else { return nil }
    guard let item = stage.items.first else { return 5 }
    guard case .integer(let number) = item.value.kind, number >= 0 else { return nil }
    return Int(exactly: number)
  }

  /// The columns named up to the stage that leaves no others: nil where all may be needed.
  var namedColumns: Set<String>? {
    var names: Set<String> = []
    for stage in self {
      var isOpen = false
      _ = stage.mapExpressions { expression in
        _ = expression.rewritten { part in
          switch part.kind {
          case .name(let name): names.insert(name)
          case .regex, .range, .placeholder: isOpen = true
          case .call(let function, _)
          where ["numeric", "text", "dates", "bools", "all", "starts", "ends", "contains", "each"]
            .contains(function.text):
            isOpen = true
          default: break
          }
          return part
        }
        return expression
      }
      if isOpen { return nil }
      switch stage.verb.text {
      case "agg", "count", "tabulate", "hist", "scatter", "fit", "box", "violin", "density", "ecdf",
        "line", "bar", "heatmap", "qq":
        return names
      case "select" where stage.items.allSatisfy({ $0.value.isPlainName }): return names
      case "describe", "missing", "correlate", "schema":
        return stage.items.isEmpty || !stage.items.allSatisfy { $0.value.isPlainName } ? nil : names
      case "filter", "derive", "sort", "head", "tail", "take", "sample": continue
      default: return nil
      }
    }
    return nil
  }

  /// Names that `derive` and the like give on the way.
  var madeColumns: Set<String> {
    var names: Set<String> = []
    for stage in self {
      for item in stage.items {
        if let name = item.name { names.insert(name.text) }
        if let name = item.renamed { names.insert(name.text) }
      }
    }
    return names
  }
}

extension Expr {
  fileprivate var isPlainName: Bool {
    if case .name = kind { true } else { false }
  }
}
