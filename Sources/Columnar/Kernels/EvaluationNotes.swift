/// What an evaluation turned into null or otherwise passed over in silence, for the verb to say.
package struct EvaluationNotes: Sendable, Hashable {
  /// Values that are null because a divisor was zero.
  package var nullsFromDivision = 0
  /// Values that are null because the result is not a number, as of `log(-1)`.
  package var nullsFromUndefined = 0
  /// Values that are null because a text could not be read as what was asked for.
  package var nullsFromText = 0
  /// Values that are null because they do not fit the type asked for, as of `int(1e30)`.
  package var nullsFromRange = 0

  package init() {}

  package var isEmpty: Bool { self == EvaluationNotes() }

  package static func += (total: inout EvaluationNotes, part: EvaluationNotes) {
    total.nullsFromDivision += part.nullsFromDivision
    total.nullsFromUndefined += part.nullsFromUndefined
    total.nullsFromText += part.nullsFromText
    total.nullsFromRange += part.nullsFromRange
  }
}

/// Where a batch stands in its frame, and what its kernels note.
package struct KernelContext: Sendable {
  /// The row of the frame at which the batch begins.
  package var firstRow: Int
  /// How many rows the batch has. Vectors may be longer; what is past the count is not looked at.
  package var count: Int
  package var notes = EvaluationNotes()

  package init(firstRow: Int, count: Int) {
    self.firstRow = firstRow
    self.count = count
  }
}

/// An element-wise operation over vectors of one batch: the result has `context.count` rows.
package typealias Kernel =
  @Sendable (_ arguments: [Vector], _ context: inout KernelContext) throws -> Vector
