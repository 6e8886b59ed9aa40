import CMemory
import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Large regions of memory that buffers gave back, kept for those that follow.
///
/// The first touch of a fresh page costs more than most arithmetic on it. At most `limit` bytes are
/// kept; they go back to the system after `idleSeconds` in which nobody took or gave a region, and
/// at once with `release`, so that a program that waits for input holds its columns alone.
package enum BufferPool {
  /// Buffers of fewer bytes come from the allocator.
  static let smallestRegion = 2 << 20
  /// How many bytes are kept at most: an eighth of the machine's memory, 1 GB at the most.
  package static let limit: Int = {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let pageSize = sysconf(Int32(_SC_PAGESIZE))
    return min(max(pages, 0) * max(pageSize, 0) / 8, 1 << 30)
  }()
  private static let idleSeconds = 2

  private struct Kept {
    /// The addresses of regions by their length.
    var regions: [Int: [UInt]] = [:]
    var bytes = 0
    /// How often a region was taken or given.
    var uses = 0
    var isWatched = false

    /// Takes out regions of `wanted` bytes together, or all there are, the longest first.
    mutating func regions(of wanted: Int) -> [Region] {
      var taken: [Region] = []
      var rest = wanted
      for length in regions.keys.sorted(by: >) {
        while rest > 0, let address = regions[length]?.popLast() {
          bytes -= length
          taken.append(Region(address: address, length: min(length, rest)))
          if length > rest { add(Region(address: address + UInt(rest), length: length - rest)) }
          rest -= min(length, rest)
        }
      }
      return taken
    }

    mutating func add(_ region: Region) {
      regions[region.length, default: []].append(region.address)
      bytes += region.length
    }
  }

  private struct Region {
    let address: UInt
    let length: Int

    var pointer: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: address) }
  }

  private static let kept = Mutex(Kept())

  /// How many bytes are kept now.
  package static var keptBytes: Int { kept.withLock { $0.bytes } }

  /// The length of the region that serves `bytes`: whole huge pages, and steps of an eighth of the
  /// next lower power of two, so that a region serves buffers of about its size.
  static func regionLength(_ bytes: Int) -> Int {
    var step = smallestRegion
    while bytes > step * 16 { step *= 2 }
    return (bytes + step - 1) / step * step
  }

  /// A region of `length` bytes at a multiple of 2 MB; its content is of no meaning. Nil if there
  /// is not enough memory.
  ///
  /// Where none of that length is kept, it is put together of what is kept: so memory that was
  /// touched is used again, and what is kept never adds to the memory that has been needed at once.
  static func take(_ length: Int) -> UnsafeMutableRawPointer? {
    let parts = kept.withLock { kept -> [Region] in
      kept.uses &+= 1
      if let address = kept.regions[length]?.popLast() {
        kept.bytes -= length
        return [Region(address: address, length: length)]
      }
      return kept.regions(of: length)
    }
    if parts.count == 1, parts[0].length == length { return parts[0].pointer }
    return together(parts, length)
  }

  /// A region of `length` bytes, the first of which are the memory of `parts`.
  private static func together(_ parts: [Region], _ length: Int) -> UnsafeMutableRawPointer? {
    var region = map(length)
    var offset = 0
    for part in parts {
      // SAFETY: the parts are of whole units of the smallest region's size, at multiples of it, and
      // together no longer than the region; nobody else has them.
      if let target = region {
        if kz_move_memory(part.pointer, part.length, target + offset, smallestRegion) != 0 {
          region = nil
        }
      } else {
        munmap(part.pointer, part.length)
      }
      offset += part.length
    }
    return region
  }

  /// Takes back a region that `take` gave for that length.
  static func give(_ region: UnsafeMutableRawPointer, _ length: Int) {
    let address = UInt(bitPattern: region)
    let (isKept, mustWatch) = kept.withLock { kept -> (Bool, Bool) in
      kept.uses &+= 1
      guard kept.bytes + length <= limit else { return (false, false) }
      kept.add(Region(address: address, length: length))
      let mustWatch = !kept.isWatched
      kept.isWatched = true
      return (true, mustWatch)
    }
    if !isKept { munmap(region, length) }
    if mustWatch { watch(since: kept.withLock { $0.uses }) }
  }

  /// Gives all regions back to the system.
  package static func release() {
    let regions = kept.withLock { kept in
      let regions = kept.regions
      kept.regions = [:]
      kept.bytes = 0
      return regions
    }
    for (length, addresses) in regions {
      for address in addresses { munmap(UnsafeMutableRawPointer(bitPattern: address), length) }
    }
  }

  private static func watch(since uses: Int) {
    let deadline = DispatchTime.now() + .seconds(idleSeconds)
    DispatchQueue.global(qos: .utility).asyncAfter(deadline: deadline) {
      let (now, isEmpty) = kept.withLock { kept in
        if kept.uses == uses { kept.isWatched = false }
        return (kept.uses, kept.bytes == 0)
      }
      if now != uses {
        watch(since: now)
      } else if !isEmpty {
        release()
      }
    }
  }

  private static func map(_ length: Int) -> UnsafeMutableRawPointer? {
    let alignment = smallestRegion
    let (room, overflow) = length.addingReportingOverflow(alignment)
    guard !overflow,
      let whole = mmap(nil, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      whole != MAP_FAILED
    else { return nil }
    // What lies before and behind the aligned region goes back.
    let head = (alignment - Int(bitPattern: whole) % alignment) % alignment
    if head > 0 { munmap(whole, head) }
    let region = whole + head
    munmap(region + length, alignment - head)
    return region
  }
}
