/// Values of places that can be put together, those of earlier places first.
protocol WindowValues: Sendable {
  associatedtype State: BitwiseCopyable

  /// What no value comes to.
  var empty: State { get }

  /// What the value at a place, which must be in bounds, comes to; `empty` for null.
  func state(_ place: Int) -> State

  func combined(_ earlier: State, _ later: State) -> State
}

/// SAFETY: places asked for must be in bounds; the buffer is kept alive here and never written.
struct WindowSum: WindowValues {
  struct State: BitwiseCopyable {
    var sum: Double
    var count: Int
  }

  let numbers: Buffer<Double>
  let validity: PlaceValidity

  var empty: State { State(sum: 0, count: 0) }

  @inline(__always)
  func state(_ place: Int) -> State {
    validity.isSet(place) ? State(sum: numbers.base[place], count: 1) : empty
  }

  @inline(__always)
  func combined(_ earlier: State, _ later: State) -> State {
    State(sum: earlier.sum + later.sum, count: earlier.count &+ later.count)
  }
}

/// Count, mean and squared deviations, merged as in Chan, Golub and LeVeque (1979).
///
/// SAFETY: as of `WindowSum`.
struct WindowMoments: WindowValues {
  struct State: BitwiseCopyable {
    var count: Double
    var mean: Double
    var squares: Double
  }

  let numbers: Buffer<Double>
  let validity: PlaceValidity

  var empty: State { State(count: 0, mean: 0, squares: 0) }

  @inline(__always)
  func state(_ place: Int) -> State {
    validity.isSet(place) ? State(count: 1, mean: numbers.base[place], squares: 0) : empty
  }

  @inline(__always)
  func combined(_ earlier: State, _ later: State) -> State {
    if earlier.count == 0 { return later }
    if later.count == 0 { return earlier }
    let count = earlier.count + later.count
    let difference = later.mean - earlier.mean
    let share = later.count / count
    return State(
      count: count, mean: earlier.mean + difference * share,
      squares: earlier.squares + later.squares
        + difference * difference * earlier.count * share)
  }
}

/// The least key and where it is first; keys are flipped for the greatest.
struct WindowExtreme<Source: KeySource>: WindowValues {
  struct State: BitwiseCopyable {
    var key: UInt64
    var place: UInt32
    var count: UInt32
  }

  let source: Source
  let validity: PlaceValidity
  let flip: UInt64

  var empty: State { State(key: 0, place: noRow, count: 0) }

  @inline(__always)
  func state(_ place: Int) -> State {
    guard validity.isSet(place) else { return empty }
    return State(
      key: source.key(place) ^ flip, place: UInt32(truncatingIfNeeded: place), count: 1)
  }

  @inline(__always)
  func combined(_ earlier: State, _ later: State) -> State {
    if earlier.count == 0 { return later }
    if later.count == 0 { return earlier }
    var best = later.key < earlier.key ? later : earlier
    best.count = earlier.count &+ later.count
    return best
  }
}

/// For each row the row of the least or greatest value in its window.
struct RollingExtreme<Window: Extents>: KeyVisitor {
  let extents: Window
  let validity: PlaceValidity
  let isMax: Bool
  let minimum: Int
  let partitions: Partitions

  func visit(_ source: some KeySource) throws -> Buffer<UInt32> {
    let sources = try Buffer<UInt32>(count: partitions.rowCount)
    let values = WindowExtreme(source: source, validity: validity, flip: isMax ? ~0 : 0)
    try Windows.slide(values, extents, partitions) { place, state in
      let isEnough = state.count > 0 && Int(state.count) >= minimum
      sources.base[partitions.row(place)] =
        isEnough ? UInt32(truncatingIfNeeded: partitions.row(Int(state.place))) : noRow
    }
    return sources
  }
}
