import CMemory

/// Up to five integers, two floats and the number of rows, added to groups' states in one loop; or the
/// number of rows, or a packed word and a float, and the greatest of up to two keys.
struct StateSums {
  typealias Integers = UnsafePointer<Int32>
  typealias Words = UnsafePointer<UInt64>
  typealias Floats = UnsafePointer<Double>

  /// The word that counts rows; below 0 for none.
  var counter = -1
  /// Whether the states take more room than the second-level cache has for them.
  var isSpread = false
  private var a: Integers?
  private var b: Integers?
  private var c: Integers?
  private var d: Integers?
  private var e: Integers?
  private var x: Floats?
  private var y: Floats?
  private var p: Words?
  private var q: Words?
  private var g: Words?
  private var h: Words?
  private var extremes = 0
  private var integerWords = (0, 0, 0, 0, 0)
  private var floatWords = (0, 0)
  private var packedWords = (0, 0)
  private var extremeWords = (0, 0)

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

  mutating func add(words: Words, _ word: Int, _ place: Int) {
    switch place {
    case 0: (p, packedWords.0) = (words, word)
    default: (q, packedWords.1) = (words, word)
    }
  }

  mutating func add(extremes keys: Words, _ word: Int, _ place: Int) {
    extremes += 1
    switch place {
    case 0: (g, extremeWords.0) = (keys, word)
    default: (h, extremeWords.1) = (keys, word)
    }
  }

  /// Adds each row's one or two words and up to two floats to the state of its group.
  ///
  /// SAFETY: as of `add`.
  @inline(never)
  func addPacked(
    _ block: RowBlock, _ states: UnsafeMutablePointer<UInt64>, _ words: Int, _ floats: Int
  ) {
    switch (words, floats, extremes) {
    case (1, 0, 0): loopPacked(block, states, false, 0, 0)
    case (1, 1, 0): loopPacked(block, states, false, 1, 0)
    case (1, 2, 0): loopPacked(block, states, false, 2, 0)
    case (2, 0, 0): loopPacked(block, states, true, 0, 0)
    case (2, 1, 0): loopPacked(block, states, true, 1, 0)
    case (1, 0, 1): loopPacked(block, states, false, 0, 1)
    case (1, 0, 2): loopPacked(block, states, false, 0, 2)
    case (1, 1, 1): loopPacked(block, states, false, 1, 1)
    case (1, 1, 2): loopPacked(block, states, false, 1, 2)
    default: loopPacked(block, states, words > 1, floats, extremes)
    }
  }

  @inline(__always)
  private func loopPacked(
    _ block: RowBlock, _ states: UnsafeMutablePointer<UInt64>, _ isTwo: Bool, _ floats: Int,
    _ extremes: Int
  ) {
    // Where there are no values, others stand in that are not read.
    guard let p else { return }
    let (q, g, h) = (q ?? p, g ?? p, h ?? p)
    let none = UnsafeRawPointer(p).assumingMemoryBound(to: Double.self)
    let (x, y) = (x ?? none, y ?? none)
    let (pWord, qWord) = packedWords
    let (xWord, yWord) = floatWords
    let (gWord, hWord) = extremeWords
    forEachRow(block, states, floats > 0 ? x : nil, floats > 1 ? y : nil) { state, place in
      state[pWord] &+= p[place]
      if isTwo { state[qWord] &+= q[place] }
      if floats > 0 { (state + xWord).add(x[place]) }
      if floats > 1 { (state + yWord).add(y[place]) }
      if extremes > 0 { state[gWord] = max(state[gWord], g[place]) }
      if extremes > 1 { state[hWord] = max(state[hWord], h[place]) }
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
    } else if extremes > 0 {
      addExtremes(block, states)
    } else if counter >= 0 {
      addCounted(block, states, integers)
    } else {
      addIntegers(block, states, integers)
    }
  }

  @inline(never)
  private func addExtremes(_ block: RowBlock, _ states: UnsafeMutablePointer<UInt64>) {
    switch (counter >= 0, extremes) {
    case (true, 1): loop(block, states, true, 0, 0, extremes: 1)
    case (true, _): loop(block, states, true, 0, 0, extremes: 2)
    case (false, 1): loop(block, states, false, 0, 0, extremes: 1)
    case (false, _): loop(block, states, false, 0, 0, extremes: 2)
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
    _ floats: Int, extremes: Int = 0
  ) {
    // Where there are no values, others stand in that are not read.
    let none = UnsafeRawPointer(block.offsets)
    let noIntegers = none.assumingMemoryBound(to: Int32.self)
    let (a, b, c) = (a ?? noIntegers, b ?? noIntegers, c ?? noIntegers)
    let (d, e) = (d ?? noIntegers, e ?? noIntegers)
    let (x, y) = (
      x ?? none.assumingMemoryBound(to: Double.self), y ?? none.assumingMemoryBound(to: Double.self)
    )
    let noKeys = none.assumingMemoryBound(to: UInt64.self)
    let (g, h) = (g ?? noKeys, h ?? noKeys)
    let (gWord, hWord) = extremeWords
    let (aWord, bWord, cWord, dWord, eWord) = integerWords
    let (xWord, yWord) = floatWords
    forEachRow(block, states, floats > 0 ? x : nil, floats > 1 ? y : nil) { state, place in
      if counts { state[counter] &+= 1 }
      if integers > 0 { state[aWord] &+= UInt64(bitPattern: Int64(a[place])) }
      if integers > 1 { state[bWord] &+= UInt64(bitPattern: Int64(b[place])) }
      if integers > 2 { state[cWord] &+= UInt64(bitPattern: Int64(c[place])) }
      if integers > 3 { state[dWord] &+= UInt64(bitPattern: Int64(d[place])) }
      if integers > 4 { state[eWord] &+= UInt64(bitPattern: Int64(e[place])) }
      if floats > 0 { (state + xWord).add(x[place]) }
      if floats > 1 { (state + yWord).add(y[place]) }
      if extremes > 0 { state[gWord] = max(state[gWord], g[place]) }
      if extremes > 1 { state[hWord] = max(state[hWord], h[place]) }
    }
  }

  /// Goes through the rows with the states of their groups.
  ///
  /// Where the states are beyond the cache, keys and floats of the block behind this one are asked for
  /// on the way: processors do so by themselves, but not beyond a page of 4 KB, and a block takes one
  /// or two of them in each column.
  @inline(__always)
  private func forEachRow(
    _ block: RowBlock, _ states: UnsafeMutablePointer<UInt64>, _ x: Floats?, _ y: Floats?,
    _ body: (UnsafeMutablePointer<UInt64>, Int) -> Void
  ) {
    let offsets = block.offsets
    guard isSpread else {
      for place in 0..<block.count { body(states + Int(offsets[place]), place) }
      return
    }
    for place in 0..<block.count {
      // So many rows ahead that memory has answered when their turn comes. Behind the last one are
      // offsets of an earlier block.
      kz_prefetch(states + Int(offsets[place &+ RowBlock.ahead]))
      kz_prefetch(block.next.keys + place &* block.next.size)
      if let x { kz_prefetch(x + (place &+ RowBlock.size)) }
      if let y { kz_prefetch(y + (place &+ RowBlock.size)) }
      body(states + Int(offsets[place]), place)
    }
  }

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
