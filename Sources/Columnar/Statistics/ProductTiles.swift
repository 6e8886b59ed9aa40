/// Sums of products of each two of some columns of numbers, three columns by three at a time, so
/// that a number that is loaded takes part in three products.
struct ProductTiles {
  private static let tileSize = 3

  let columnCount: Int
  /// Two lanes for each pair, the first column's row after row.
  private var lanes: [SIMD2<Double>]

  init(columnCount: Int) {
    self.columnCount = columnCount
    lanes = Array(repeating: .zero, count: columnCount * columnCount)
  }

  /// Σ xᵢyᵢ of two columns, of which the first must not be greater.
  func sum(_ row: Int, _ column: Int) -> Double { lanes[row * columnCount + column].sum() }

  /// Adds `count` numbers of each column, an even number, column after column at `stride`.
  ///
  /// SAFETY: `values` must hold them.
  mutating func add(_ values: UnsafeMutablePointer<Double>, stride: Int, count: Int) {
    let size = ProductTiles.tileSize
    for first in Swift.stride(from: 0, to: columnCount, by: size) {
      for second in Swift.stride(from: first, to: columnCount, by: size) {
        if first + size <= columnCount, second + size <= columnCount {
          addTile(values, stride, count, first, second)
        } else {
          for i in first..<min(first + size, columnCount) {
            for j in max(second, i)..<min(second + size, columnCount) {
              addPair(values + i * stride, values + j * stride, count, i * columnCount + j)
            }
          }
        }
      }
    }
  }

  private mutating func addTile(
    _ values: UnsafeMutablePointer<Double>, _ stride: Int, _ count: Int, _ i: Int, _ j: Int
  ) {
    let raw = UnsafeRawPointer(values)
    let (a, b) = (raw + i * stride * 8, raw + j * stride * 8)
    let step = stride * 8
    var (s00, s01, s02) = (SIMD2<Double>.zero, SIMD2<Double>.zero, SIMD2<Double>.zero)
    var (s10, s11, s12) = (s00, s00, s00)
    var (s20, s21, s22) = (s00, s00, s00)
    var place = 0
    while place < count * 8 {
      @inline(__always) func load(_ base: UnsafeRawPointer, _ column: Int) -> SIMD2<Double> {
        base.loadUnaligned(fromByteOffset: place &+ column &* step, as: SIMD2<Double>.self)
      }
      let (x0, x1, x2) = (load(a, 0), load(a, 1), load(a, 2))
      let y0 = load(b, 0)
      s00 += x0 * y0
      s10 += x1 * y0
      s20 += x2 * y0
      let y1 = load(b, 1)
      s01 += x0 * y1
      s11 += x1 * y1
      s21 += x2 * y1
      let y2 = load(b, 2)
      s02 += x0 * y2
      s12 += x1 * y2
      s22 += x2 * y2
      place &+= 16
    }
    let n = columnCount
    lanes[i * n + j] += s00
    lanes[i * n + j + 1] += s01
    lanes[i * n + j + 2] += s02
    lanes[(i + 1) * n + j] += s10
    lanes[(i + 1) * n + j + 1] += s11
    lanes[(i + 1) * n + j + 2] += s12
    lanes[(i + 2) * n + j] += s20
    lanes[(i + 2) * n + j + 1] += s21
    lanes[(i + 2) * n + j + 2] += s22
  }

  private mutating func addPair(
    _ x: UnsafeMutablePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ count: Int,
    _ place: Int
  ) {
    var sum = SIMD2<Double>.zero
    let (a, b) = (UnsafeRawPointer(x), UnsafeRawPointer(y))
    for offset in Swift.stride(from: 0, to: count * 8, by: 16) {
      sum +=
        a.loadUnaligned(fromByteOffset: offset, as: SIMD2<Double>.self)
        * b.loadUnaligned(fromByteOffset: offset, as: SIMD2<Double>.self)
    }
    lanes[place] += sum
  }
}
