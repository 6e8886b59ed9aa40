import Columnar
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct KernelDensityTests {
  private func column(_ values: [Double]) throws -> Column {
    Column(type: .float, storage: .float(try Buffer(values)))
  }

  /// The sum over all values that the grid stands for.
  @Test(arguments: [2, 63, 64, 65, 5_000]) func agreesWithTheSumOverAllValues(count: Int) throws {
    var generator = RandomGenerator(seed: 5)
    let values = (0..<count).map { _ in
      generator.unit() < 0.3 ? 20 + 2 * generator.unit() : generator.unit() * 9
    }
    let density = try KernelDensity(try column(values), range: 0...22, count: 45)
    let width = density.bandwidth
    #expect(density.x.first == 0 && density.x.last == 22)
    for (x, y) in zip(density.x, density.density) {
      var sum = 0.0
      for value in values {
        let z = (x - value) / width
        sum += exp(-0.5 * z * z) / (2 * Double.pi).squareRoot()
      }
      let exact = sum / (Double(count) * width)
      #expect(abs(y - exact) < 2e-4 * max(exact, 0.05), "\(x): \(y), \(exact)")
    }
  }

  /// R 4: bw.nrd0(c(1, 2, 3, 4, 10)) is 0.9 * min(3.535534, 2/1.34) * 5^-0.2.
  @Test func bandwidthBySilvermansRule() throws {
    let density = try KernelDensity(try column([1, 2, 3, 4, 10]), range: 1...10)
    #expect(abs(density.bandwidth - 0.9 * (2 / 1.34) * pow(5, -0.2)) < 1e-12)
  }

  @Test func oneValueAndNone() throws {
    let one = try KernelDensity(try column([7, 7, 7]), range: 6...8)
    #expect(one.density.allSatisfy { $0.isFinite && $0 >= 0 })
    #expect((one.density.max() ?? 0) > 0)
    #expect(try KernelDensity(try column([]), range: 0...1).x.isEmpty)
    let huge = try KernelDensity(
      try column([-.greatestFiniteMagnitude, 0, .greatestFiniteMagnitude]), range: -1...1)
    #expect(huge.density.allSatisfy { !$0.isNaN })
  }
}
