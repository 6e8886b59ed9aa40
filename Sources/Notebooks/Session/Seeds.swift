import Display
import Language
import Query

/// Seeds of random functions.
extension Session {
  /// The stages with a seed, drawn now, for each call of a random function that has none; the
  /// recorded line gets the same seeds, so that it gives the same numbers when it is replayed.
  ///
  /// In definitions and loops a line runs more than once: there a call without a seed is left as it
  /// is, and refused where its names are resolved.
  func withSeeds(_ stages: [Stage]) throws -> [Stage] {
    if callDepth > 0 { return stages }
    if case .loop = step.statement.kind { return stages }
    guard stages.contains(where: { $0.callNames.contains(where: Self.isRandom) }) else {
      return stages
    }
    var seeds: [Int: Int64] = [:]
    func seeded(_ expression: Expr, draws: Bool) -> Expr {
      expression.rewritten { part in
        guard case .call(let function, let arguments) = part.kind,
          Functions.argumentsBeforeSeed(function.text) == arguments.count
        else { return part }
        if draws, seeds[function.span.start] == nil {
          seeds[function.span.start] = Int64.random(in: 1...999_999)
        }
        guard let seed = seeds[function.span.start] else { return part }
        return Expr(
          .call(function: function, arguments: arguments + [Expr(.integer(seed), part.span)]),
          part.span)
      }
    }
    let drawn = stages.map { $0.mapExpressions { seeded($0, draws: true) } }
    guard !seeds.isEmpty else { return stages }
    step.hasDrawnSeed = true
    step.statement = step.statement.mapPipelines { pipeline in
      var pipeline = pipeline
      pipeline.stages = pipeline.stages.map { $0.mapExpressions { seeded($0, draws: false) } }
      return pipeline
    }
    let list = seeds.sorted { $0.key < $1.key }.map(\.value)
    let words = list.map(String.init).joined(separator: ", ")
    try notify(
      .message(
        Message(
          text: "seed\(list.count == 1 ? "" : "s") \(words) drawn and written into the line",
          kind: "seed", facts: list.map { Fact("seed", .int($0)) })))
    return drawn
  }

  private static func isRandom(_ name: String) -> Bool {
    Functions.argumentsBeforeSeed(name) != nil
  }
}
