import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The memory of the machine in bytes.
let physicalMemory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))

/// A growing run of bytes that text is rewritten to.
///
/// Where it becomes too large for the machine, `memory` is thrown, with the name of the file.
final class ByteCollector {
  private let name: String
  private(set) var bytes: Buffer<UInt8>
  private(set) var count = 0

  init(_ source: ByteSource, room: Int) throws {
    name = source.name
    guard room <= physicalMemory / 2 else { throw Self.tooLarge(name) }
    bytes = try Buffer(count: room)
  }

  private static func tooLarge(_ name: String) -> DataError {
    DataError(
      .memory, "\(name) does not fit into memory once it is rewritten", file: name,
      hints: ["a UTF-8 file of well-formed records is read in parts"])
  }

  /// Makes room for `more` bytes.
  func reserve(_ more: Int) throws {
    guard count + more > bytes.count else { return }
    let room = max(bytes.count * 2, count + more)
    guard room <= physicalMemory / 2 else { throw Self.tooLarge(name) }
    let larger = try Buffer<UInt8>(count: room)
    larger.base.update(from: bytes.base, count: count)
    bytes = larger
  }

  /// SAFETY: there is room for one byte.
  @inline(__always)
  func append(_ byte: UInt8) {
    bytes.base[count] = byte
    count &+= 1
  }

  /// SAFETY: there is room for `size` bytes.
  @inline(__always)
  func append(_ start: UnsafePointer<UInt8>, _ size: Int) {
    (bytes.base + count).update(from: start, count: size)
    count &+= size
  }

  /// Appends a character as UTF-8.
  ///
  /// SAFETY: there is room for four bytes.
  func append(scalar: UInt32) {
    func byte(_ bits: UInt32) { append(UInt8(truncatingIfNeeded: bits)) }
    func rest(_ shift: UInt32) { byte(0x80 | (scalar >> shift & 0x3F)) }
    switch scalar {
    case 0..<0x80: byte(scalar)
    case 0x80..<0x800:
      byte(0xC0 | scalar >> 6)
      rest(0)
    case 0x800..<0x10000:
      byte(0xE0 | scalar >> 12)
      rest(6)
      rest(0)
    default:
      byte(0xF0 | scalar >> 18)
      rest(12)
      rest(6)
      rest(0)
    }
  }

  /// Takes back the last bytes, up to `count` of them.
  func truncate(to count: Int) { self.count = min(count, self.count) }
}
