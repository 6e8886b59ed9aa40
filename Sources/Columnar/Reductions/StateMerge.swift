#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Joins what two stretches of rows gave for the same groups, the earlier one first.
///
/// Moments by Chan, Golub and LeVeque (1979), the third and fourth by Pébay (2008).
struct StateMerge: Sendable {
  private let steps: [Step]
  private let packing: StatePacking?
  /// How many words a group has in the states that are merged into.
  let stride: Int
  /// How many it has in those that are merged into them.
  var nextStride: Int { packing?.stride ?? stride }
  /// The words to add up, where that is all there is to do: adding what is 0 changes nothing.
  private let sums: (integers: [Int], floats: [Int])?

  fileprivate enum Step: Sendable {
    case integer(Int)
    case float(Int)
    case wide(Int)
    case greatest(Int)
    case first(Int)
    case last(Int)
    case moments(Int, power: Int, count: Int)
    case comoment(Int, Int, Int, count: Int)
  }

  /// The states to merge are those of `packing` if there is one.
  init(_ state: GroupState, packing: StatePacking? = nil) {
    stride = state.stride
    self.packing = packing
    // What needs the counts and means of both sides comes before they are joined.
    var early: [Step] = []
    var middle: [Step] = []
    var late: [Step] = [.integer(0)]
    var counters: Set<Int> = []
    for (field, word) in state.words.sorted(by: { $0.value < $1.value }) {
      switch field {
      case .count:
        // Columns with the same nulls share their count.
        if counters.insert(word).inserted { late.append(.integer(word)) }
      case .integerProduct: late.append(.integer(word))
      case .sum(let column):
        let isFloat = if case .float = state.columns[column].storage { true } else { false }
        late.append(isFloat ? .float(word) : .integer(word))
      case .wideSum: late.append(.wide(word))
      case .product: late.append(.float(word))
      case .least, .greatest: late.append(.greatest(word))
      case .firstRow: late.append(.first(word))
      case .lastRow: late.append(.last(word))
      case .moments(let column, let power):
        middle.append(.moments(word, power: power, count: state.word(.count(column))))
      case .comoment(let first, let second):
        early.append(
          .comoment(
            word, state.word(state.momentsField(first)), state.word(state.momentsField(second)),
            count: state.word(.count(first))))
      }
    }
    steps = early + middle + late
    sums = steps.sums
  }

  /// Merges states of `packing` into such states.
  init(within packing: StatePacking, of state: GroupState) {
    stride = packing.stride
    self.packing = nil
    let words = packing.sets.flatMap(\.words).map { Step.integer($0.place) }
    steps = words + StateMerge(state).steps.compactMap { $0.moved { packing.place(of: $0) } }
    sums = steps.sums
  }

  /// Takes the states of `count` groups at `next` into those at `states`.
  ///
  /// SAFETY: both must hold as many groups, of `nextStride` and of `stride` words.
  func merge(
    _ next: UnsafeMutablePointer<UInt64>, into states: UnsafeMutablePointer<UInt64>, count: Int
  ) {
    if let packing {
      merge(next, packing, into: states, count: count)
      return
    }
    if let sums {
      for word in sums.integers {
        for offset in Swift.stride(from: word, to: count * stride, by: stride) {
          states[offset] &+= next[offset]
        }
      }
      for word in sums.floats {
        for offset in Swift.stride(from: word, to: count * stride, by: stride) {
          (states + offset).add(Double(bitPattern: next[offset]))
        }
      }
      return
    }
    for group in 0..<count {
      let offset = group &* stride
      merge(next + offset, into: states + offset)
    }
  }

  /// Takes the states of `slots` in `next` into those in `total`, at their places or at their own
  /// numbers; then zeros are left in `next` if `clears`.
  ///
  /// SAFETY: there must be a state in `next` for each slot and one in `total` at each place.
  func merge(
    _ next: Buffer<UInt64>, of slots: Range<Int>, into total: Buffer<UInt64>,
    at places: Buffer<UInt32>?, clears: Bool
  ) {
    // So few at a time that they are in the cache when they become zeros.
    for first in Swift.stride(from: slots.lowerBound, to: slots.upperBound, by: 512) {
      let count = min(512, slots.upperBound - first)
      let states = next.base + first * nextStride
      if let places {
        for slot in 0..<count {
          merge(
            states + slot * nextStride, into: total.base + Int(places.base[first + slot]) * stride,
            count: 1)
        }
      } else {
        merge(states, into: total.base + first * stride, count: count)
      }
      if clears { states.update(repeating: 0, count: count * nextStride) }
    }
  }

  /// Takes a group's state into another of it.
  @inline(__always)
  private func merge(
    _ from: UnsafeMutablePointer<UInt64>, into to: UnsafeMutablePointer<UInt64>
  ) {
    if from[0] == 0 { return }
    if to[0] == 0 {
      to.update(from: from, count: stride)
      return
    }
    for step in steps { step.merge(from, to) }
  }

  private func merge(
    _ next: UnsafeMutablePointer<UInt64>, _ packing: StatePacking,
    into states: UnsafeMutablePointer<UInt64>, count: Int
  ) {
    if let sums {
      packing.addSums(next, to: states, stateStride: stride, count: count)
      for (word, place) in packing.kept {
        let isFloat = sums.floats.contains(word)
        for group in 0..<count {
          let (to, from) = (states + (group &* stride &+ word), next[group &* nextStride &+ place])
          if isFloat { to.add(Double(bitPattern: from)) } else { to.pointee &+= from }
        }
      }
      return
    }
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: stride) { room in
      guard let state = room.baseAddress else { return }
      for group in 0..<count where next[group &* nextStride] != 0 {
        state.update(repeating: 0, count: stride)
        let packed = next + group &* nextStride
        packing.addSums(packed, to: state, stateStride: stride, count: 1)
        for (word, place) in packing.kept { state[word] = packed[place] }
        merge(state, into: states + group &* stride)
      }
    }
  }
}

extension [StateMerge.Step] {
  /// The words of integers and floats that are added up, if these are all steps.
  fileprivate var sums: (integers: [Int], floats: [Int])? {
    var (integers, floats): ([Int], [Int]) = ([], [])
    for step in self {
      switch step {
      case .integer(let word): integers.append(word)
      case .float(let word): floats.append(word)
      default: return nil
      }
    }
    return (integers, floats)
  }
}

extension StateMerge.Step {
  /// The step for words that lie elsewhere; nil where they do not, and where the step has means,
  /// which are in no packed state.
  fileprivate func moved(_ place: (Int) -> Int?) -> StateMerge.Step? {
    switch self {
    case .integer(let word): place(word).map { .integer($0) }
    case .float(let word): place(word).map { .float($0) }
    case .wide(let word): place(word).map { .wide($0) }
    case .greatest(let word): place(word).map { .greatest($0) }
    case .first(let word): place(word).map { .first($0) }
    case .last(let word): place(word).map { .last($0) }
    case .moments, .comoment: nil
    }
  }

  @inline(__always)
  fileprivate func merge(
    _ from: UnsafeMutablePointer<UInt64>, _ to: UnsafeMutablePointer<UInt64>
  ) {
    switch self {
    case .integer(let word): to[word] &+= from[word]
    case .float(let word): (to + word).add(Double(bitPattern: from[word]))
    case .wide(let word):
      let (sum, carry) = to[word].addingReportingOverflow(from[word])
      to[word] = sum
      to[word + 1] = to[word + 1] &+ from[word + 1] &+ (carry ? 1 : 0)
    case .greatest(let word): to[word] = max(to[word], from[word])
    case .first(let word): if to[word] == 0 { to[word] = from[word] }
    case .last(let word): if from[word] != 0 { to[word] = from[word] }
    case .moments(let word, let power, let count):
      mergeMoments(from, to, word, power, Double(from[count]), Double(to[count]))
    case .comoment(let word, let first, let second, let count):
      let (fromCount, toCount) = (Double(from[count]), Double(to[count]))
      if fromCount == 0 { return }
      let x = Double(bitPattern: from[first]) - Double(bitPattern: to[first])
      let y = Double(bitPattern: from[second]) - Double(bitPattern: to[second])
      let between = toCount == 0 ? 0 : x * y * (toCount * fromCount / (toCount + fromCount))
      (to + word).add(Double(bitPattern: from[word]) + between)
    }
  }

  private func mergeMoments(
    _ from: UnsafeMutablePointer<UInt64>, _ to: UnsafeMutablePointer<UInt64>, _ word: Int,
    _ power: Int, _ nextCount: Double, _ count: Double
  ) {
    let (next, known) = (from + word, to + word)
    if nextCount == 0 { return }
    if count == 0 {
      known.update(from: next, count: power == 4 ? 5 : 3)
      return
    }
    func value(_ words: UnsafeMutablePointer<UInt64>, _ place: Int) -> Double {
      Double(bitPattern: words[place])
    }
    let total = count + nextCount
    let delta = value(next, 0) - value(known, 0)
    let (second, nextSecond) = (value(known, 2), value(next, 2))
    let step = delta / total
    if power == 4 {
      let (third, nextThird) = (value(known, 3), value(next, 3))
      let product = count * nextCount
      let cube = delta * step * step * product
      (known + 4).add(
        value(next, 4)
          + cube * step * (count * count - product + nextCount * nextCount)
          + 6 * step * step * (count * count * nextSecond + nextCount * nextCount * second)
          + 4 * step * (count * nextThird - nextCount * third))
      (known + 3).add(
        nextThird + cube * (count - nextCount)
          + 3 * step * (count * nextSecond - nextCount * second))
    }
    (known + 2).add(nextSecond + delta * step * count * nextCount)
    known.add(step * nextCount)
  }
}
