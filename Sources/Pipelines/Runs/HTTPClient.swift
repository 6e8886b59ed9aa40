import Columnar
import Language
import Notebooks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Requests to a server, one connection each: over plain HTTP/1.1 by this program itself, enough for
/// an MLflow server in the same network; over TLS by `CurlRequest`.
struct HTTPClient {
  let isSecure: Bool
  let host: String
  let port: String
  /// What stands before the path of each request, without a slash at its end.
  let prefix: String
  /// The value of the header `Authorization`; it is in no message.
  let authorization: String?

  struct Response {
    var status: Int
    var body: [UInt8]
  }

  /// Takes `http://host:port/prefix` apart, `https://` too. Throws `usage` for anything else.
  init(_ address: String, authorization: String?) throws {
    isSecure = address.hasPrefix("https://")
    guard isSecure || address.hasPrefix("http://") else {
      throw Diagnostic(.usage, "the server's address must begin with http:// or https://")
    }
    let rest = address.dropFirst(isSecure ? 8 : 7)
    let authority = rest.prefix { $0 != "/" }
    var path = rest.dropFirst(authority.count)
    while path.last == "/" { path.removeLast() }
    let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let host = parts.first, !host.isEmpty, !authority.contains("@"),
      address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
      parts.count == 1 || UInt16(parts[1]) != nil
    else { throw Diagnostic(.usage, "the server's address is not as http://host:5000") }
    self.host = String(host)
    port = parts.count > 1 ? String(parts[1]) : isSecure ? "443" : "80"
    prefix = String(path)
    self.authorization = authorization
  }

  /// Sends a request and reads its answer, in at most thirty seconds. Throws `io`, or `transient` where
  /// the server cannot be reached.
  func send(
    _ method: String, _ path: String, body: [UInt8] = [], type: String = "application/json"
  ) throws -> Response {
    if isSecure {
      var headers = [("Content-Type", type)]
      if let authorization { headers.append(("Authorization", authorization)) }
      return try CurlRequest(
        address: "https://\(host):\(port)\(prefix)\(path)", method: method, headers: headers,
        body: body
      ).send()
    }
    let descriptor = try connect()
    defer { close(descriptor) }
    var head = "\(method) \(prefix)\(path) HTTP/1.1\r\nHost: \(host):\(port)\r\n"
    head += "Content-Type: \(type)\r\nContent-Length: \(body.count)\r\nConnection: close\r\n"
    if let authorization { head += "Authorization: \(authorization)\r\n" }
    try write(Array((head + "\r\n").utf8) + body, to: descriptor)
    return try Self.parse(try readAll(descriptor))
  }

  private func connect() throws -> Int32 {
    var hints = addrinfo()
    #if canImport(Glibc)
      hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    #else
      hints.ai_socktype = SOCK_STREAM
    #endif
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, port, &hints, &list) == 0 else {
      throw Diagnostic(.transient, "the server \(host) is not known")
    }
    defer { freeaddrinfo(list) }
    var reason: Int32 = 0
    var next = list
    while let address = next {
      let info = address.pointee
      next = info.ai_next
      let descriptor = socket(info.ai_family, info.ai_socktype, info.ai_protocol)
      guard descriptor >= 0 else { continue }
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      var limit = timeval(tv_sec: 30, tv_usec: 0)
      let size = socklen_t(MemoryLayout<timeval>.size)
      setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
      setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
      #if canImport(Glibc)
        let status = Glibc.connect(descriptor, info.ai_addr, info.ai_addrlen)
      #else
        let status = Darwin.connect(descriptor, info.ai_addr, info.ai_addrlen)
      #endif
      if status == 0 { return descriptor }
      reason = errno
      close(descriptor)
    }
    throw Diagnostic(
      .transient, "no connection to \(host):\(port): \(String(cString: strerror(reason)))")
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) throws {
    var done = 0
    while done < bytes.count {
      try Cancellation.check()
      let count = bytes[done...].withUnsafeBytes {
        #if canImport(Glibc)
          Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        #else
          Darwin.send(descriptor, $0.baseAddress, $0.count, 0)
        #endif
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw Diagnostic(.io, "\(host):\(port): \(String(cString: strerror(errno)))")
      }
      done += count
    }
  }

  /// All that comes, up to 64 MB.
  private func readAll(_ descriptor: Int32) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      try Cancellation.check()
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw Diagnostic(.io, "\(host):\(port): \(String(cString: strerror(errno)))")
      }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
      guard bytes.count < 1 << 26 else { throw Diagnostic(.io, "the server's answer is too long") }
    }
  }

  /// The status and body of an answer. Throws `io` for what is none.
  static func parse(_ bytes: [UInt8]) throws -> Response {
    let wrong = Diagnostic(.io, "the server's answer is not HTTP")
    let end: [UInt8] = [13, 10, 13, 10]
    guard let split = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else {
      throw wrong
    }
    let lines = String(decoding: bytes[..<split], as: UTF8.self).replacing("\r\n", with: "\n")
      .split(separator: "\n")
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
      throw wrong
    }
    var body = Array(bytes[(split + 4)...])
    let isChunked = lines.contains {
      let line = $0.lowercased()
      return line.hasPrefix("transfer-encoding:") && line.contains("chunked")
    }
    if isChunked { body = try unchunked(body) }
    return Response(status: status, body: body)
  }

  private static func unchunked(_ bytes: [UInt8]) throws -> [UInt8] {
    let wrong = Diagnostic(.io, "the server's answer breaks off")
    var result: [UInt8] = []
    var rest = bytes[...]
    while true {
      guard let end = rest.firstIndex(of: 10) else { throw wrong }
      let digits = String(decoding: rest[..<end], as: UTF8.self).prefix { $0.isHexDigit }
      guard let count = Int(digits, radix: 16), count >= 0 else { throw wrong }
      rest = rest[(end + 1)...]
      if count == 0 { return result }
      guard rest.count >= count else { throw wrong }
      result += rest.prefix(count)
      rest = rest.dropFirst(count).drop { $0 == 13 }.drop { $0 == 10 }
    }
  }
}
