/// Up to five integers, two floats and the number of rows, added to groups' states in one loop.
struct StateSums {
  typealias Integers = UnsafePointer<Int32>
  typealias Floats = UnsafePointer<Double>

  /// The word that counts rows; below 0 for none.
  var counter = -1
  /// Whether the states take more room than the second-level cache.
  var isSpread = false
  private var a: Integers?
  private var b: Integers?
  private var c: Integers?
  private var d: Integers?
  private var e: Integers?
  private var x: Floats?
  private var y: Floats?
  private var integerWords = (0, 0, 0, 0, 0)
  private var floatWords = (0, 0)

  mutating func add(integers: Integers, _ word: Int, _ place: Int) {
    switch place {
    case 0: (a, integerWords.0) = (integers, word)
    case 1: (b, integerWords.1) = (integers, word)
    case 2: (c, integerWords.2) = (integers, word)
    case 3: (d, integerWords.3) = (integers, word)
    default: (e, integerWords.4) = (integers, word)
    }
  }

  mutating func add(floats: Floats, _ word: Int, _ place: Int) {
    switch place {
    case 0: (x, floatWords.0) = (floats, word)
    default: (y, floatWords.1) = (floats, word)
    }
  }

  /// Adds each row's values to the state of its group.
  ///
  /// SAFETY: as many values as the block has rows must have been given for each.
  func add(
    _ block: RowBlock, _ states: UnsafeMutablePointer<UInt64>, _ integers: Int, _ floats: Int
  ) {
    // A loop for each combination, in which the numbers are constants; in three functions, since the
    // compiler gives up on one of so many loops.
    if floats > 0 {
      addFloats(block, states, integers, floats)
    } else if counter >= 0 {
      addCounted(block, states, integers)
    } else {
      addIntegers(block, states, integers)
    }
  }

  @inline(never)
  private func addCounted(
    _ block: RowBlock, _ states: UnsafeMutablePointer<UInt64>, _ integers: Int
  ) {
    switch integers {
    case 0: loop(block, states, true, 0, 0)
    case 1: loop(block, states, true, 1, 0)
    case 2: loop(block, states, true, 2, 0)
    case 3: loop(block, states, true, 3, 0)
    case 4: loop(block, states, true, 4, 0)
    default: loop(block, states, true, 5, 0)
    }
  }

  @inline(never)
  private func addIntegers(
    _ block: RowBlock, _ states: UnsafeMutablePointer<UInt64>, _ integers: Int
  ) {
    switch integers {
    case 0: break
    case 1: loop(block, states, false, 1, 0)
    case 2: loop(block, states, false, 2, 0)
    case 3: loop(block, states, false, 3, 0)
    case 4: loop(block, states, false, 4, 0)
    default: loop(block, states, false, 5, 0)
    }
  }

  @inline(never)
  private func addFloats(
    _ block: RowBlock, _ states: UnsafeMutablePointer<UInt64>, _ integers: Int, _ floats: Int
  ) {
    switch (counter >= 0, integers, floats) {
    case (true, 0, 1): loop(block, states, true, 0, 1)
    case (true, 1, 1): loop(block, states, true, 1, 1)
    case (true, 2, 1): loop(block, states, true, 2, 1)
    case (true, 3, 1): loop(block, states, true, 3, 1)
    case (true, 0, 2): loop(block, states, true, 0, 2)
    case (true, 1, 2): loop(block, states, true, 1, 2)
    case (false, 0, 1): loop(block, states, false, 0, 1)
    case (false, 0, 2): loop(block, states, false, 0, 2)
    default: loop(block, states, counter >= 0, integers, floats)
    }
  }

  @inline(__always)
  private func loop(
    _ block: RowBlock, _ states: UnsafeMutablePointer<UInt64>, _ counts: Bool, _ integers: Int,
    _ floats: Int
  ) {
    // Where there are no values, others stand in that are not read.
    let none = UnsafeRawPointer(block.offsets)
    let noIntegers = none.assumingMemoryBound(to: Int32.self)
    let (a, b, c) = (a ?? noIntegers, b ?? noIntegers, c ?? noIntegers)
    let (d, e) = (d ?? noIntegers, e ?? noIntegers)
    let (x, y) = (
      x ?? none.assumingMemoryBound(to: Double.self), y ?? none.assumingMemoryBound(to: Double.self)
    )
    let (aWord, bWord, cWord, dWord, eWord) = integerWords
    let (xWord, yWord) = floatWords
    let offsets = block.offsets
    var start = 0
    while start < block.count {
      let end = isSpread ? min(start &+ 128, block.count) : block.count
      if isSpread { touch(states, offsets, start..<end) }
      for place in start..<end {
        let state = states + Int(offsets[place])
        if counts { state[counter] &+= 1 }
        if integers > 0 { state[aWord] &+= UInt64(bitPattern: Int64(a[place])) }
        if integers > 1 { state[bWord] &+= UInt64(bitPattern: Int64(b[place])) }
        if integers > 2 { state[cWord] &+= UInt64(bitPattern: Int64(c[place])) }
        if integers > 3 { state[dWord] &+= UInt64(bitPattern: Int64(d[place])) }
        if integers > 4 { state[eWord] &+= UInt64(bitPattern: Int64(e[place])) }
        if floats > 0 { (state + xWord).add(x[place]) }
        if floats > 1 { (state + yWord).add(y[place]) }
      }
      start = end
    }
  }

  /// Reads a word of each row's state, so that many wait for memory at once and the loop that follows
  /// finds them in the cache.
  @inline(__always)
  private func touch(
    _ states: UnsafeMutablePointer<UInt64>, _ offsets: UnsafePointer<UInt32>, _ places: Range<Int>
  ) {
    var word: UInt64 = 0
    for place in places { word |= states[Int(offsets[place])] }
    use(word)
  }

  /// Keeps the compiler from leaving out the reading of what nobody uses.
  @inline(never)
  @_optimize(none)
  private func use(_ word: UInt64) {}

  /// Adds all rows' values to one group's state: floats in eight lanes, which are added pairwise at
  /// the end of the block.
  ///
  /// SAFETY: as of `add`.
  func addWhole(
    _ block: RowBlock, _ state: UnsafeMutablePointer<UInt64>, _ integers: Int, _ floats: Int
  ) {
    if counter >= 0 { state[counter] &+= UInt64(block.count) }
    func add(_ values: Integers?, _ word: Int) {
      guard let values else { return }
      var sum: Int64 = 0
      for place in 0..<block.count { sum &+= Int64(values[place]) }
      state[word] &+= UInt64(bitPattern: sum)
    }
    add(a, integerWords.0)
    add(b, integerWords.1)
    add(c, integerWords.2)
    add(d, integerWords.3)
    add(e, integerWords.4)
    if let x { (state + floatWords.0).add(laneSum(x, block.count)) }
    if let y { (state + floatWords.1).add(laneSum(y, block.count)) }
  }
}

/// The sum of floats in eight lanes, which are added pairwise at the end, then what is left of them
/// one by one.
private func laneSum(_ values: UnsafePointer<Double>, _ count: Int) -> Double {
  var lanes = SIMD8<Double>.zero
  var place = 0
  let raw = UnsafeRawPointer(values)
  while place &+ 8 <= count {
    // SAFETY: eight values from the place on lie within the count.
    lanes += raw.loadUnaligned(fromByteOffset: place &* 8, as: SIMD8<Double>.self)
    place &+= 8
  }
  let halves = lanes.lowHalf + lanes.highHalf
  let quarters = halves.lowHalf + halves.highHalf
  var sum = quarters.x + quarters.y
  while place < count {
    sum += values[place]
    place &+= 1
  }
  return sum
}
