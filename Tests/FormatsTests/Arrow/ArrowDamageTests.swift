import Columnar
import Foundation
import TestSupport
import Testing

@testable import Formats

/// Files that are damaged, or made to harm: an error or a table, and never the end of the program.
@Suite struct ArrowDamageTests {
  private func sample() throws -> Frame {
    let columns = try ArrowSamples.kinds.map { try ArrowSamples.column($0, count: 20, .alternate) }
    return Frame(names: ArrowSamples.kinds, columns: columns)
  }

  @Test func everyByteOfOurFilesIsGuarded() throws {
    let names = ["bool", "int16", "float", "coded"]
    let frame = Frame(
      names: names,
      columns: try names.map { try ArrowSamples.column($0, count: 9, .alternate) })
    let bytes = try ArrowWriter.bytes(frame)
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 1 << UInt8(place % 8)
      // Damage is found, or it was in bytes that say nothing, as padding.
      guard let read = try? ArrowSamples.read(damaged) else { continue }
      #expect(difference(read.frame, frame) == nil, "byte \(place)")
    }
  }

  @Test func everyLengthIsRefused() throws {
    let bytes = try ArrowWriter.bytes(try sample())
    for length in 0..<bytes.count {
      #expect(throws: DataError.self) { try ArrowSamples.read(Array(bytes[..<length])) }
    }
  }

  @Test(arguments: [
    "pyarrow-types", "pyarrow-batches", "pyarrow-delta", "pyarrow-nested", "polars-types",
    "polars-batches", "polars-compat", "pyarrow-empty",
  ])
  func filesOfOthersDoNoHarm(name: String) throws {
    let path = Project.path("Tests/Fixtures/arrow/\(name).arrow")
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    var failures = 0
    // The footer and the start hold what is counted and pointed to; of the rest a sample will do.
    var generator = RandomGenerator(seed: 11)
    let metadata = max(8, bytes.count - 1500)..<bytes.count - 8
    for _ in 0..<250 {
      let place = metadata.lowerBound + Int(generator.next() % UInt64(metadata.count))
      var damaged = bytes
      damaged[place] ^= UInt8(truncatingIfNeeded: generator.next() % 255 + 1)
      if (try? ArrowSamples.read(damaged)) == nil { failures += 1 }
    }
    #expect(failures > 0)
    // Whole numbers at once: lengths, counts and offsets at their limits.
    let words: [[UInt8]] = [
      [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80], [0, 0, 0, 0],
      [0xF8, 0xFF, 0xFF, 0xFF],
    ]
    for step in 0..<250 {
      let place = 4 * Int(generator.next() % UInt64(bytes.count / 4 - 2))
      var damaged = bytes
      damaged.replaceSubrange(place..<place + 4, with: words[step % words.count])
      if step % 2 == 1 {
        damaged.replaceSubrange(place + 4..<place + 8, with: words[step % words.count])
      }
      _ = try? ArrowSamples.read(damaged)
    }
  }

  @Test func damageIsNamed() throws {
    let bytes = try ArrowWriter.bytes(try sample())
    // The first value of the column that comes last lies before the end of the data.
    let text = Array("text 0".utf8)
    let place = try #require(
      bytes.indices.first { bytes[$0...].starts(with: text) })
    var damaged = bytes
    damaged[place] = UInt8(ascii: "T")
    let error = #expect(throws: DataError.self) { try ArrowSamples.read(damaged) }
    #expect(error?.code == .corrupt)
    #expect(error?.message.contains("checksum of column `plain`") == true)
    // Other columns can still be read.
    let read = try ArrowSamples.read(damaged, ["int8", "float"])
    #expect(read.frame.rowCount == 20)
  }

  @Test func textMustBeText() throws {
    let path = Project.path("Tests/Fixtures/arrow/pyarrow-types.arrow")
    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    let hello = Array("hello".utf8)
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: hello) })
    bytes[place + 1] = 0xC0
    let error = #expect(throws: DataError.self) { try ArrowSamples.read(bytes) }
    #expect(error?.code == .corrupt)
    #expect(error?.message.contains("row 3: its text is not UTF-8") == true)
  }

  @Test func codesMustHaveEntries() throws {
    var frame = try sample()
    frame = Frame(names: ["x"], columns: [try #require(frame["coded"])])
    let coded = try #require(frame["coded"] ?? frame.columns.first)
    guard case .dictionary(_, let dictionary) = coded.storage else { return }
    #expect(dictionary.count > 1)
    // Without checksums, as others write: the key is no longer known.
    var bytes = try ArrowWriter.bytes(frame)
    let key = Array(ArrowChecksums.key.utf8)
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: key) })
    bytes[place] = UInt8(ascii: "K")
    let file = try ArrowSamples.file(bytes)
    bytes[file.batches[0].buffers[1].offset] = 200
    let error = #expect(throws: DataError.self) { try ArrowSamples.read(bytes) }
    #expect(error?.message.contains("row 1: its code 200 is in no dictionary") == true)
  }
}
