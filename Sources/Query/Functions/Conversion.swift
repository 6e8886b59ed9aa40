import Columnar
import Language

extension Functions {
  static let conversion: [Function] = [
    Function(
      "bool", .conversion, "bool(x)", 1...1,
      "True or false from text (true, yes, 1, …), or whether a number is not 0; null if it is neither.",
      "penguins | derive early = bool(2008 - year) | head 3",
      "penguins | agg b = bool(\"yes\")"
    ) { call throws(Diagnostic) in
      let x = try call.value(0, [.bool, .int, .float, .text], "text or a number")
      switch x.type {
      case .bool: return x
      case .text: return call.apply([x], type: .bool, Casts.boolFromText)
      default: return call.apply([x], type: .bool, isTotal: true, Casts.boolFromNumber)
      }
    },
    Function(
      "date", .conversion, "date(x)", 1...1,
      "The date of a datetime, or of text as 2024-03-01; null for other text.",
      "weather | derive d = date(\"2012-06-01\") | head 1",
      "penguins | agg d = date(@2024-03-01T08:30)"
    ) { call throws(Diagnostic) in
      let x = try call.value(0, [.date, .datetime, .text], "text or a datetime")
      switch x.type {
      case .date: return x
      case .text: return call.apply([x], type: .date, Casts.dateFromText)
      default: return call.apply([x], type: .date, isTotal: true, Casts.dateFromDatetime)
      }
    },
    Function(
      "datetime", .conversion, "datetime(x)", 1...1,
      "Midnight of a date, or the datetime of text as 2024-03-01T08:30; null for other text.",
      "weather | derive d = datetime(\"2012-06-01T08:30\") | head 1",
      "weather | derive t = datetime(date) | head 3"
    ) { call throws(Diagnostic) in
      let x = try call.value(0, [.datetime, .date, .text], "text or a date")
      switch x.type {
      case .datetime: return x
      case .text: return call.apply([x], type: .datetime, Casts.datetimeFromText)
      default: return call.binder.converted(x, to: .datetime)
      }
    },
    Function(
      "float", .conversion, "float(x)", 1...1,
      "A float from an int, true or false (1 or 0), or text; null for other text.",
      "penguins | derive f = float(body_mass_g) | head 3",
      "penguins | agg f = float(\"1.5e3\")"
    ) { call throws(Diagnostic) in
      let x = try call.value(0, [.float, .int, .bool, .text], "a number or text")
      switch x.type {
      case .float: return x
      case .text: return call.apply([x], type: .float, Casts.floatFromText)
      default: return call.apply([x], type: .float, isTotal: true, Casts.floats)
      }
    },
    Function(
      "int", .conversion, "int(x)", 1...1,
      "An int from a float (cut toward zero), true or false (1 or 0), or text; null for other text.",
      "penguins | derive mm = int(bill_length_mm) | head 3",
      "penguins | agg heavy = sum(int(body_mass_g > 4000))"
    ) { call throws(Diagnostic) in
      let x = try call.value(0, [.int, .float, .bool, .text], "a number or text")
      switch x.type {
      case .int: return x
      case .text: return call.apply([x], type: .int, Casts.intFromText)
      case .bool: return call.apply([x], type: .int, isTotal: true, Casts.ints)
      default: return call.apply([x], type: .int, Casts.intFromFloat)
      }
    },
    Function(
      "text", .conversion, "text(x)", 1...1, "Any value as text.",
      "penguins | derive t = text(year) | head 3",
      "weather | derive t = text(date) | head 3"
    ) { call throws(Diagnostic) in call.binder.asText(try call.value(0)) },
  ]
}
