/// How a part's states hold a group's count and sums of integers side by side in one word, where
/// the columns' bounds leave room for them: so more groups' states fit the cache, and a row's count
/// and values are added at once.
///
/// Each value counts as at least 1 (the least one as 1, the next as 2), so that no field is ever
/// below 0 and a word is 0 only if no row was added. The count lies above the sums. With all rows of
/// a state in one group it may be one bit too long: that bit is lost, and known from the rest not
/// being 0.
struct StatePacking: Sendable {
  /// How many words a group has.
  let stride: Int
  /// One for each set of columns with the same nulls that has packed words.
  let sets: [ColumnSet]
  /// The words of the state that are words here too, and where.
  let kept: [(word: Int, place: Int)]

  /// Columns with the same nulls.
  struct ColumnSet: Sendable {
    let validity: Bitmap?
    /// The word of the state with the count of the values.
    let counter: Int
    /// The first holds the count, the others sums alone.
    fileprivate(set) var words: [Word] = []
    /// Where the count begins in the first word.
    fileprivate(set) var countShift = 0
    /// The count of which all bits are lost.
    let fullCount: UInt64
  }

  struct Word: Sendable {
    fileprivate(set) var place = 0
    fileprivate(set) var fields: [Field] = []
    fileprivate var bits = 0
  }

  /// A sum, of a column's values or of the products of two columns'.
  struct Field: Sendable {
    let column: Int
    let factor: Int?
    /// Its word in the state.
    let word: Int
    /// What counts as 0.
    let origin: Int64
    fileprivate(set) var shift = 0
    fileprivate(set) var bits: Int
  }

  /// Nil where states would not become smaller. A state takes at most `rows` rows.
  init?(_ state: GroupState, rows: Int) throws {
    // Powers of two keep the count within as many bits, but for one.
    let rowBits = Int.bitWidth - max(rows - 1, 1).leadingZeroBitCount
    var fields: [(field: Field, column: Int)] = []
    for (field, word) in state.words.sorted(by: { $0.value < $1.value }) {
      guard let column = field.column,
        let packed = try Field(field, state, word: word, rowBits: rowBits)
      else { continue }
      fields.append((packed, column))
    }
    var sets: [ColumnSet] = []
    for (field, column) in fields {
      let validity = state.columns[column].validity
      let identity = validity.map { ObjectIdentifier($0.words) }
      let counter = state.word(.count(column))
      // Without a count of the values they can not be told from what they count as.
      if validity != nil, counter == 0 { continue }
      let place =
        sets.firstIndex { $0.validity.map { ObjectIdentifier($0.words) } == identity }
        ?? sets.count
      if place == sets.count {
        sets.append(
          ColumnSet(validity: validity, counter: counter, fullCount: 1 << UInt64(rowBits)))
      }
      sets[place].add(field, rowBits: rowBits)
    }
    let packed = Set(
      sets.flatMap { [$0.counter] + $0.words.flatMap { $0.fields.map(\.word) } })
    var (place, kept): (Int, [(word: Int, place: Int)]) = (0, [])
    // The first word stays the one that says whether there are rows.
    for index in sets.indices where sets[index].counter == 0 { sets[index].lay(from: &place) }
    for word in 0..<state.stride where !packed.contains(word) {
      kept.append((word, place))
      place += 1
    }
    for index in sets.indices where sets[index].counter != 0 { sets[index].lay(from: &place) }
    guard place < state.stride else { return nil }
    (stride, self.sets, self.kept) = (place, sets, kept)
  }

  /// Where a word of the state is; nil where it is packed.
  func place(of word: Int) -> Int? { kept.first { $0.word == word }?.place }
}

extension StatePacking.Field {
  /// Nil for what is no sum of integers below 64 bits, and where the sum leaves no room for others.
  fileprivate init?(
    _ field: GroupState.Field, _ state: GroupState, word: Int, rowBits: Int
  ) throws {
    func bounds(_ column: Int) throws -> (Int64, Int64)? {
      let bounds: ClosedRange<Int64>
      switch state.columns[column].storage {
      case .int8(let buffer): bounds = try buffer.bounds()
      case .int16(let buffer): bounds = try buffer.bounds()
      case .int32(let buffer): bounds = try buffer.bounds()
      default: return nil
      }
      return (bounds.lowerBound, bounds.upperBound)
    }
    let values: [Int64]
    switch field {
    case .sum(let column):
      guard let own = try bounds(column) else { return nil }
      (self.column, factor) = (column, nil)
      values = [own.0, own.1]
    case .integerProduct(let column, let other):
      // Of values of at most 16 bits, so that the products fit 32.
      guard let own = try bounds(column), let others = try bounds(other) else { return nil }
      (self.column, factor) = (column, other)
      values = [own.0 * others.0, own.0 * others.1, own.1 * others.0, own.1 * others.1]
    default: return nil
    }
    self.word = word
    let (least, greatest) = (values.min() ?? 0, values.max() ?? 0)
    origin = least - 1
    let span = UInt64(greatest - origin)
    bits = rowBits + UInt64.bitWidth - span.leadingZeroBitCount
    if bits + rowBits > UInt64.bitWidth { return nil }
  }
}

extension StatePacking.ColumnSet {
  /// Adds a field to the first word that has room for it.
  fileprivate mutating func add(_ field: StatePacking.Field, rowBits: Int) {
    if words.isEmpty { words.append(StatePacking.Word(bits: rowBits)) }
    let place = words.firstIndex { $0.bits + field.bits <= UInt64.bitWidth } ?? words.count
    if place == words.count { words.append(StatePacking.Word()) }
    var field = field
    field.shift = words[place].bits - (place == 0 ? rowBits : 0)
    words[place].fields.append(field)
    words[place].bits += field.bits
    countShift = words[0].bits - rowBits
  }

  /// Gives the words their places.
  fileprivate mutating func lay(from place: inout Int) {
    for index in words.indices {
      words[index].place = place
      place += 1
    }
  }
}

extension StatePacking.Word {
  /// What a row adds besides its values, so that each counts from its origin. `countShift` is that
  /// of the set's first word, nil in the others.
  func constant(countShift: Int?) -> UInt64 {
    var constant: UInt64 = countShift.map { 1 << UInt64($0) } ?? 0
    for field in fields {
      constant &-= UInt64(bitPattern: field.origin) << UInt64(field.shift)
    }
    return constant
  }
}

extension StatePacking {
  typealias States = UnsafeMutablePointer<UInt64>

  /// Adds the counts and sums of `count` packed states at `next` to those of `states`, which are
  /// `stateStride` words each.
  ///
  /// SAFETY: both must hold as many groups.
  func addSums(_ next: States, to states: States, stateStride: Int, count: Int) {
    for set in sets {
      let first = set.words[0].place
      for (number, word) in set.words.enumerated() {
        let fields = word.fields
        let counter = number == 0 ? set.counter : nil
        func add(_ a: Field, _ b: Field?, _ c: Field?) {
          for group in 0..<count {
            let (packed, state) = (next + group &* stride, states + group &* stateStride)
            let rows = set.count(packed[first])
            if let counter { state[counter] &+= rows }
            let digits = packed[word.place]
            state[a.word] &+= a.sum(of: digits, rows)
            if let b { state[b.word] &+= b.sum(of: digits, rows) }
            if let c { state[c.word] &+= c.sum(of: digits, rows) }
          }
        }
        // Nearly always one to three share a word, for which no inner loop is needed.
        switch fields.count {
        case 1: add(fields[0], nil, nil)
        case 2: add(fields[0], fields[1], nil)
        case 3: add(fields[0], fields[1], fields[2])
        default:
          for group in 0..<count {
            let (packed, state) = (next + group &* stride, states + group &* stateStride)
            let rows = set.count(packed[first])
            if let counter { state[counter] &+= rows }
            for field in fields { state[field.word] &+= field.sum(of: packed[word.place], rows) }
          }
        }
      }
    }
  }
}

extension StatePacking.Field {
  /// The sum of a word's values, which are so many.
  @inline(__always)
  fileprivate func sum(of word: UInt64, _ rows: UInt64) -> UInt64 {
    word &>> UInt64(shift) & UInt64.max &>> UInt64(UInt64.bitWidth - bits)
      &+ rows &* UInt64(bitPattern: origin)
  }
}

extension StatePacking.ColumnSet {
  /// The count of a first word.
  @inline(__always)
  fileprivate func count(_ word: UInt64) -> UInt64 {
    let count = word &>> UInt64(countShift)
    return count == 0 && word != 0 ? fullCount : count
  }
}
