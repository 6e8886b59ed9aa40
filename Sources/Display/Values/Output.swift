import Columnar

/// What a line shows, as data: renderers draw it for a terminal, a notebook or a program.
package enum Output: Sendable {
  case frame(FrameOutput)
  case report(Report)
  case plot(Plot)
  /// A line or more of plain words: what a binding did, where a file went.
  case message(Message)
}

/// The rows of a frame.
package struct FrameOutput: Sendable {
  package var frame: Frame
  /// How many rows there are, of which the frame may hold the first alone.
  package var rowCount: Int
  /// What is said below the rows, as `172 of 344 rows kept`.
  package var footer: [String]

  package init(frame: Frame, rowCount: Int? = nil, footer: [String] = []) {
    self.frame = frame
    self.rowCount = rowCount ?? frame.rowCount
    self.footer = footer
  }
}

/// Words about what was done. Not data: with `--format csv` it goes to standard error.
package struct Message: Sendable {
  /// The subject, shown bold where there is colour: a bound name or a file.
  package var subject: String?
  package var text: String
  /// A dim remark at the right margin, as `undo brings them back`.
  package var aside: String?
  /// For `--json`: the kind of event and its fields.
  package var kind: String
  package var facts: [Fact]

  package init(
    subject: String? = nil, text: String, aside: String? = nil, kind: String, facts: [Fact] = []
  ) {
    self.subject = subject
    self.text = text
    self.aside = aside
    self.kind = kind
    self.facts = facts
  }
}

/// A named value at full precision, for programs.
package struct Fact: Sendable, Hashable {
  package var key: String
  package var value: JSONValue

  package init(_ key: String, _ value: JSONValue) {
    self.key = key
    self.value = value
  }
}

/// A JSON value whose objects keep their order.
package indirect enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case int(Int64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([Fact])
}
