import Columnar
import Language

extension Functions {
  static let conditional: [Function] = (cutting + alternatives).sorted { $0.name < $1.name }

  private static let alternatives: [Function] = [
    Function(
      "coalesce", .conditional, "coalesce(a, b, …)", 1...1000,
      "The first argument that is not null: `a ?? b`.",
      "penguins | derive sex2 = coalesce(sex, \"unknown\") | head 4",
      "penguins | derive mass = coalesce(body_mass_g, mean(body_mass_g)) by species | head 4"
    ) { call throws(Diagnostic) in
      var values: [TypedExpr] = []
      for index in 0..<call.count { values.append(try call.value(index)) }
      return try call.binder.coalesce(values, span: call.span)
    },
    Function(
      "if_null", .conditional, "if_null(x, replacement)", 2...2,
      "The replacement where x is null: `x ?? replacement`.",
      "penguins | derive mass = if_null(body_mass_g, 0) | head 4",
      "penguins | agg n = count() by s = if_null(sex, \"unknown\")"
    ) { call throws(Diagnostic) in
      try call.binder.coalesce([try call.value(0), try call.value(1)], span: call.span)
    },
    Function(
      "null_if", .conditional, "null_if(x, value)", 2...2, "Null where x equals the value.",
      "penguins | derive island2 = null_if(island, \"Dream\") | head 3",
      "weather | derive rain = null_if(precipitation, 0) | head 3"
    ) { call throws(Diagnostic) in
      let (x, value) = (try call.value(0), try call.value(1))
      _ = try call.binder.comparison(.equal, x, value, span: call.span)
      let type = try call.binder.common([x, value], what: "the arguments", span: call.span)
      return call.apply(
        [x, value].map { call.binder.converted($0, to: type) }, type: type ?? .float,
        isTotal: true, Logic.nullIf)
    },
  ]
}
