import Columnar
import Language
import Notebooks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A request over TLS, made by the system's `curl`: certificates and ciphers are its business, and are
/// kept up to date with the system.
///
/// What it is to do, the headers with their token among them, goes through its standard input: it
/// stands in no list of processes and in no file.
struct CurlRequest {
  var address: String
  var method: String
  var headers: [(name: String, value: String)]
  var body: [UInt8]

  /// Sends the request. Throws `transient` where the server cannot be reached, `io` where it is not
  /// the one its certificate says, and where there is no `curl`.
  func send() throws -> HTTPClient.Response {
    guard let program = Tool.find("curl") else {
      throw Diagnostic(
        .io, "for a server behind https:// the program curl is needed, and there is none",
        notes: ["or a proxy on this machine, and MLFLOW_TRACKING_URI=http://…"],
        hints: ["apt install curl"])
    }
    let scratch = try ScratchFolder()
    let files = (
      body: scratch.path + "/body", answer: scratch.path + "/answer",
      errors: scratch.path + "/errors", output: scratch.path + "/output"
    )
    try AtomicFile.write(files.body, bytes: body)
    let status = try run(
      program, configuration(files.body, files.answer), files.output, files.errors)
    guard status == 0 else {
      throw failure(status, (try? readText(files.errors)) ?? "")
    }
    guard let code = Int((try readText(files.output)).filter(\.isNumber)) else {
      throw Diagnostic(.io, "the server's answer is not HTTP")
    }
    let answer = Path.exists(files.answer) ? try readBytes(files.answer) : []
    return HTTPClient.Response(status: code, body: answer)
  }

  private func configuration(_ body: String, _ answer: String) -> String {
    var lines = [
      "url = \(quoted(address))", "request = \(quoted(method))", "output = \(quoted(answer))",
      "proto = \"=https\"", "connect-timeout = 30", "max-time = 300", "silent", "show-error",
      "write-out = \"%{http_code}\"", "max-filesize = \(1 << 26)",
    ]
    if !self.body.isEmpty { lines.append("data-binary = \(quoted("@" + body))") }
    lines.append("header = \"Expect:\"")
    for header in headers { lines.append("header = \(quoted("\(header.name): \(header.value)"))") }
    for (variable, option) in [
      ("MLFLOW_TRACKING_SERVER_CERT_PATH", "cacert"), ("MLFLOW_TRACKING_CLIENT_CERT_PATH", "cert"),
    ] {
      if let path = getenv(variable).map({ String(cString: $0) }), !path.isEmpty {
        lines.append("\(option) = \(quoted(path))")
      }
    }
    if getenv("MLFLOW_TRACKING_INSECURE_TLS").map({ String(cString: $0) }) == "true" {
      lines.append("insecure")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A word as curl's configuration has it.
  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// Starts curl with nothing but these words, so that no configuration of the user's is read.
  private func run(
    _ program: String, _ configuration: String, _ output: String, _ errors: String
  ) throws -> Int32 {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else {
      throw Diagnostic(.io, "no pipe: \(String(cString: strerror(errno)))")
    }
    _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    let words = [program, "--disable", "--config", "-"]
    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var pid = pid_t()
    let status = posix_spawn(&pid, program, &actions, nil, &arguments, environ)
    close(ends[0])
    guard status == 0 else {
      close(ends[1])
      throw Diagnostic(.io, "\(program): \(String(cString: strerror(status)))")
    }
    // Where curl has ended before it has read all, its exit status says why.
    let former = signal(SIGPIPE, SIG_IGN)
    var rest = Array(configuration.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      rest = rest.dropFirst(count)
    }
    close(ends[1])
    _ = signal(SIGPIPE, former)
    return try Tool.wait(for: pid)
  }

  /// The error of curl's exit statuses.
  private func failure(_ status: Int32, _ said: String) -> Diagnostic {
    let message = said.split(separator: "\n").first.map(String.init) ?? "curl ended with \(status)"
    let text = message.hasPrefix("curl: ") ? String(message.dropFirst(6)) : message
    switch status {
    // A name or connection that is not there, or not in time.
    case 5, 6, 7, 16, 18, 28, 35, 52, 55, 56:
      return Diagnostic(.transient, "no connection to the server: \(text)")
    case 51, 58, 60, 77, 83, 90, 91:
      return Diagnostic(
        .io, "the server's certificate is not trusted: \(text)",
        notes: ["MLFLOW_TRACKING_SERVER_CERT_PATH names a file of certificates to trust"])
    default: return Diagnostic(.io, "the request failed: \(text)")
    }
  }
}
