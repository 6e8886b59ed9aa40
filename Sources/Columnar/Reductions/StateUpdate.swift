/// Takes rows into group states, block after block.
///
/// Fields of columns with the same nulls are updated together: their values are first brought into
/// the cache as integers of 32 bits or as floats, then one loop goes through the groups' states.
struct StateUpdate: Sendable {
  typealias States = UnsafeMutablePointer<UInt64>

  let stride: Int
  /// Whether there are no keys, so that values need no look-up and are added up in lanes.
  let isWhole: Bool
  /// Whether the groups' states take more room than most of the second-level cache.
  private let isSpread: Bool
  let columns: [Column]
  let sources: [StateSource]
  private let steps: [Step]
  let moments: [MomentStep]

  /// The fields of columns with the same nulls.
  fileprivate struct Step: Sendable {
    var validity: Bitmap?
    /// The word that counts the rows with a value.
    var counter: Int?
    var integers: [(addend: Addend, word: Int)] = []
    var floats: [(addend: Addend, word: Int)] = []
    var others: [(field: GroupState.Field, column: Int, word: Int)] = []
  }

  /// What is added up: a column's values or the products of two columns'.
  fileprivate struct Addend: Sendable {
    var column: Int
    var factor: Int?
  }

  /// A column with moments, and the columns with which it has comoments.
  struct MomentStep: Sendable {
    var column: Int
    var word: Int
    var power: Int
    var countWord: Int
    var sumWord: Int
    var isWide: Bool
    var others: [(column: Int, word: Int, momentWord: Int)]
  }

  init(_ state: GroupState, groupCount: Int, isWhole: Bool = false) throws {
    stride = state.stride
    self.isWhole = isWhole
    isSpread = groupCount * state.stride > 1 << 15
    columns = state.columns
    let fields = state.words.sorted { $0.value < $1.value }
    let ranked = Set(
      fields.compactMap { field, _ in
        switch field {
        case .least(let column), .greatest(let column): column
        default: nil
        }
      })
    sources = try state.columns.enumerated().map {
      try StateSource($1, needsRanks: ranked.contains($0))
    }
    var places: [ObjectIdentifier?: Int] = [nil: 0]
    var steps = [Step(validity: nil, counter: 0)]
    for (field, word) in fields {
      guard let column = field.column else { continue }
      let validity = state.columns[column].validity
      let identity = validity.map { ObjectIdentifier($0.words) }
      let place = places[identity] ?? steps.count
      if place == steps.count {
        places[identity] = place
        steps.append(Step(validity: validity))
      }
      steps[place].add(field, column, word, isFloat: state.columns[column].isFloat)
    }
    self.steps = steps
    moments = StateUpdate.moments(state, fields)
  }

  private static func moments(
    _ state: GroupState, _ fields: [(key: GroupState.Field, value: Int)]
  ) -> [MomentStep] {
    var moments: [MomentStep] = []
    for (field, word) in fields {
      guard case .moments(let column, let power) = field else { continue }
      let sum = state.sumField(column)
      let isWide = if case .wideSum = sum { true } else { false }
      moments.append(
        MomentStep(
          column: column, word: word, power: power, countWord: state.word(.count(column)),
          sumWord: state.word(sum), isWide: isWide, others: []))
    }
    for (field, word) in fields {
      guard case .comoment(let first, let second) = field,
        let place = moments.firstIndex(where: { $0.column == first })
      else { continue }
      moments[place].others.append(
        (column: second, word: word, momentWord: state.word(state.momentsField(second))))
    }
    return moments
  }

  /// Takes in the rows of a block.
  ///
  /// SAFETY: the block's rows must lie within the columns, and its offsets within the states.
  func add(_ block: RowBlock, to states: States, _ room: BlockRoom) {
    for step in steps {
      let valid = room.valid(block, step.validity)
      var counter = step.counter
      var (integers, floats) = (step.integers[...], step.floats[...])
      repeat {
        // Sums and products of two columns, as a correlation needs, fit one pass.
        let most = floats.isEmpty ? 5 : 3
        let pass = (integers: integers.prefix(most), floats: floats.prefix(2))
        add(pass.integers, pass.floats, counter, valid, states, room)
        integers = integers.dropFirst(most)
        floats = floats.dropFirst(2)
        counter = nil
      } while !integers.isEmpty || !floats.isEmpty
      for other in step.others { add(other.field, other.column, valid, states + other.word) }
    }
  }

  /// Adds up to five integers, or three and two floats, and the number of rows.
  private func add(
    _ integers: ArraySlice<(addend: Addend, word: Int)>,
    _ floats: ArraySlice<(addend: Addend, word: Int)>, _ counter: Int?, _ block: RowBlock,
    _ states: States, _ room: BlockRoom
  ) {
    var sums = StateSums()
    sums.counter = counter ?? -1
    sums.isSpread = isSpread
    var place = 0
    for (addend, word) in integers {
      var values = sources[addend.column].integers(block, room.integers(place))
      if let factor = addend.factor {
        let others = sources[factor].integers(block, room.integers(5))
        let products = room.integers(place)
        for row in 0..<block.count { products[row] = values[row] &* others[row] }
        values = UnsafePointer(products)
      }
      sums.add(integers: values, word, place)
      place += 1
    }
    place = 0
    for (addend, word) in floats {
      var values = sources[addend.column].numbers(block, room.floats(place))
      if let factor = addend.factor {
        let others = sources[factor].numbers(block, room.floats(2))
        let products = room.floats(place)
        for row in 0..<block.count { products[row] = values[row] * others[row] }
        values = UnsafePointer(products)
      }
      sums.add(floats: values, word, place)
      place += 1
    }
    if isWhole {
      sums.addWhole(block, states, integers.count, floats.count)
    } else {
      sums.add(block, states, integers.count, floats.count)
    }
  }

  private func add(
    _ field: GroupState.Field, _ column: Int, _ block: RowBlock, _ states: States
  ) {
    let source = sources[column]
    switch field {
    case .wideSum:
      if case .int64(let buffer) = source { addWide(buffer.base, block, states) }
    case .least, .greatest:
      let isLeast = if case .least = field { true } else { false }
      switch source {
      case .int8(let buffer): addKeys(IntegerKeys(buffer: buffer), isLeast, block, states)
      case .int16(let buffer): addKeys(IntegerKeys(buffer: buffer), isLeast, block, states)
      case .int32(let buffer): addKeys(IntegerKeys(buffer: buffer), isLeast, block, states)
      case .int64(let buffer): addKeys(IntegerKeys(buffer: buffer), isLeast, block, states)
      case .float(let buffer): addKeys(FloatKeys(buffer: buffer), isLeast, block, states)
      case .uint8(let codes, let ranks):
        addKeys(CodeKeys(codes: codes, ranks: ranks), isLeast, block, states)
      case .uint16(let codes, let ranks):
        addKeys(CodeKeys(codes: codes, ranks: ranks), isLeast, block, states)
      case .uint32(let codes, let ranks):
        addKeys(CodeKeys(codes: codes, ranks: ranks), isLeast, block, states)
      case .text: break
      }
    case .firstRow:
      for place in 0..<block.count {
        let state = states + Int(block.offsets[place])
        if state.pointee == 0 { state.pointee = UInt64(block.row(place)) &+ 1 }
      }
    case .lastRow:
      for place in 0..<block.count {
        states[Int(block.offsets[place])] = UInt64(block.row(place)) &+ 1
      }
    case .count, .sum, .integerProduct, .product, .moments, .comoment: break
    }
  }

  @inline(__always)
  private func addWide(
    _ base: UnsafeMutablePointer<Int64>, _ block: RowBlock, _ states: States
  ) {
    for place in 0..<block.count {
      let value = base[block.row(place)]
      let state = states + Int(block.offsets[place])
      let (sum, carry) = state[0].addingReportingOverflow(UInt64(bitPattern: value))
      state[0] = sum
      state[1] &+= UInt64(bitPattern: (value >> 63) &+ (carry ? 1 : 0))
    }
  }

  @inline(__always)
  private func addKeys<Source: KeySource>(
    _ source: Source, _ isLeast: Bool, _ block: RowBlock, _ states: States
  ) {
    let flip: UInt64 = isLeast ? ~0 : 0
    let offsets = block.offsets
    if let rows = block.rows {
      for place in 0..<block.count {
        let state = states + Int(offsets[place])
        state.pointee = max(state.pointee, source.key(Int(rows[place])) ^ flip)
      }
    } else if isWhole {
      var greatest = states.pointee
      for place in 0..<block.count {
        greatest = max(greatest, source.key(block.first &+ place) ^ flip)
      }
      states.pointee = greatest
    } else {
      for place in 0..<block.count {
        let state = states + Int(offsets[place])
        state.pointee = max(state.pointee, source.key(block.first &+ place) ^ flip)
      }
    }
  }
}

extension StateUpdate.Step {
  fileprivate mutating func add(
    _ field: GroupState.Field, _ column: Int, _ word: Int, isFloat: Bool
  ) {
    switch field {
    case .count: counter = word
    case .sum where isFloat: floats.append((StateUpdate.Addend(column: column), word))
    case .sum: integers.append((StateUpdate.Addend(column: column), word))
    case .integerProduct(_, let other):
      integers.append((StateUpdate.Addend(column: column, factor: other), word))
    case .product(_, let other):
      floats.append((StateUpdate.Addend(column: column, factor: other), word))
    default: others.append((field, column, word))
    }
  }
}
