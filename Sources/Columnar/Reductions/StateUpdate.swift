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
    /// Words that hold the number of rows and sums of integers side by side.
    var packed: [PackedWord] = []
    var integers: [(addend: Addend, word: Int)] = []
    var floats: [(addend: Addend, word: Int)] = []
    var extremes: [StateExtreme] = []
    var others: [(field: GroupState.Field, column: Int, word: Int)] = []
  }

  fileprivate struct PackedWord: Sendable {
    var word: Int
    /// What each row adds besides its values.
    var constant: UInt64
    var fields: [(addend: Addend, shift: UInt64)]
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

  /// The states are those of `packing` if there is one; it has no moments.
  init(
    _ state: GroupState, groupCount: Int, isWhole: Bool = false, packing: StatePacking? = nil
  ) throws {
    stride = packing?.stride ?? state.stride
    self.isWhole = isWhole
    isSpread = groupCount * stride > 1 << 15
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
    func step(_ validity: Bitmap?) -> Int {
      let identity = validity.map { ObjectIdentifier($0.words) }
      if let place = places[identity] { return place }
      places[identity] = steps.count
      steps.append(Step(validity: validity))
      return steps.count - 1
    }
    for (field, word) in fields {
      guard let column = field.column else { continue }
      var word = word
      if let packing {
        guard let place = packing.place(of: word) else { continue }
        word = place
      }
      let place = step(state.columns[column].validity)
      steps[place].add(field, column, word, isFloat: state.columns[column].isFloat)
    }
    for set in packing?.sets ?? [] {
      let place = step(set.validity)
      steps[place].counter = nil
      steps[place].packed = set.words.enumerated().map { number, word in
        PackedWord(word, countShift: number == 0 ? set.countShift : nil)
      }
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
      var (packed, integers, floats) = (step.packed[...], step.integers[...], step.floats[...])
      var extremes = isWhole ? [] : step.extremes[...]
      // What fits into the loop at hand: a state that is there need not be brought in again.
      func taken(_ fits: Bool) -> ArraySlice<StateExtreme> {
        let taken = fits ? extremes.prefix(2) : []
        extremes = extremes.dropFirst(taken.count)
        return taken
      }
      while !packed.isEmpty {
        let taken = taken(packed.count == 1 && floats.count < 2)
        add(packed.prefix(2), floats.prefix(2), taken, valid, states, room)
        packed = packed.dropFirst(2)
        floats = floats.dropFirst(2)
      }
      while counter != nil || !integers.isEmpty || !floats.isEmpty || !extremes.isEmpty {
        // Sums and products of two columns, as a correlation needs, fit one pass.
        let most = floats.isEmpty ? 5 : 3
        let pass = (integers: integers.prefix(most), floats: floats.prefix(2))
        let taken = taken(pass.integers.isEmpty && pass.floats.isEmpty)
        add(pass.integers, pass.floats, taken, counter, valid, states, room)
        integers = integers.dropFirst(most)
        floats = floats.dropFirst(2)
        counter = nil
      }
      if isWhole {
        for extreme in step.extremes { addWhole(extreme, valid, states, room) }
      }
      for other in step.others { add(other.field, other.column, valid, states + other.word) }
    }
  }

  /// Adds up to five integers, or three and two floats, and the number of rows; or takes up to two
  /// extremes.
  private func add(
    _ integers: ArraySlice<(addend: Addend, word: Int)>,
    _ floats: ArraySlice<(addend: Addend, word: Int)>, _ extremes: ArraySlice<StateExtreme>,
    _ counter: Int?, _ block: RowBlock, _ states: States, _ room: BlockRoom
  ) {
    var sums = StateSums()
    sums.counter = counter ?? -1
    sums.isSpread = isSpread
    for (place, (addend, word)) in integers.enumerated() {
      sums.add(integers: self.integers(addend, block, place, room), word, place)
    }
    add(floats, to: &sums, block, room)
    add(extremes, to: &sums, block, room)
    if isWhole {
      sums.addWhole(block, states, integers.count, floats.count)
    } else {
      sums.add(block, states, integers.count, floats.count)
    }
  }

  /// Adds up to two packed words and two floats; with one word and one float at most, takes up to
  /// two extremes.
  private func add(
    _ packed: ArraySlice<PackedWord>, _ floats: ArraySlice<(addend: Addend, word: Int)>,
    _ extremes: ArraySlice<StateExtreme>, _ block: RowBlock, _ states: States, _ room: BlockRoom
  ) {
    var sums = StateSums()
    sums.isSpread = isSpread
    for (place, word) in packed.enumerated() {
      let total = room.words(place)
      for (number, field) in word.fields.enumerated() {
        let constant = number == 0 ? word.constant : nil
        if field.addend.factor == nil {
          sources[field.addend.column].add(block, field.shift, constant, to: total)
        } else {
          let products = integers(field.addend, block, number, room)
          total.add(products, block.count, field.shift, constant)
        }
      }
      sums.add(words: UnsafePointer(total), word.word, place)
    }
    add(floats, to: &sums, block, room)
    add(extremes, to: &sums, block, room)
    sums.addPacked(block, states, packed.count, floats.count)
  }

  private func add(
    _ floats: ArraySlice<(addend: Addend, word: Int)>, to sums: inout StateSums,
    _ block: RowBlock, _ room: BlockRoom
  ) {
    for (place, (addend, word)) in floats.enumerated() {
      var values = sources[addend.column].numbers(block, room.floats(place))
      if let factor = addend.factor {
        let others = sources[factor].numbers(block, room.floats(2))
        let products = room.floats(place)
        for row in 0..<block.count { products[row] = values[row] * others[row] }
        values = UnsafePointer(products)
      }
      sums.add(floats: values, word, place)
    }
  }

  /// The integers of a block's rows, in one of five rooms where they are in none.
  private func integers(
    _ addend: Addend, _ block: RowBlock, _ place: Int, _ room: BlockRoom
  ) -> UnsafePointer<Int32> {
    let values = sources[addend.column].integers(block, room.integers(place))
    guard let factor = addend.factor else { return values }
    let others = sources[factor].integers(block, room.integers(5))
    let products = room.integers(place)
    for row in 0..<block.count { products[row] = values[row] &* others[row] }
    return UnsafePointer(products)
  }

  private func add(
    _ field: GroupState.Field, _ column: Int, _ block: RowBlock, _ states: States
  ) {
    let source = sources[column]
    switch field {
    case .wideSum:
      if case .int64(let buffer) = source { addWide(buffer.base, block, states) }
    case .firstRow:
      for place in 0..<block.count {
        let state = states + Int(block.offsets[place])
        if state.pointee == 0 { state.pointee = UInt64(block.row(place)) &+ 1 }
      }
    case .lastRow:
      for place in 0..<block.count {
        states[Int(block.offsets[place])] = UInt64(block.row(place)) &+ 1
      }
    case .count, .sum, .integerProduct, .product, .least, .greatest, .moments, .comoment: break
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
}

extension StateUpdate.PackedWord {
  fileprivate init(_ packed: StatePacking.Word, countShift: Int?) {
    word = packed.place
    constant = packed.constant(countShift: countShift)
    fields = packed.fields.map {
      (StateUpdate.Addend(column: $0.column, factor: $0.factor), UInt64($0.shift))
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
    case .least: extremes.append(StateExtreme(column: column, isLeast: true, word: word))
    case .greatest: extremes.append(StateExtreme(column: column, isLeast: false, word: word))
    default: others.append((field, column, word))
    }
  }
}
