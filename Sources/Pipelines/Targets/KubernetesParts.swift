import Display
import Language
import Notebooks

/// What objects of Kubernetes have in common, Argo's too.
enum KubernetesParts {
  /// The claim of the volume with the project, which is mounted at `/project`.
  static let claim = "project"
  /// Where the file of parameter values is mounted.
  static let values = "/parameters/parameters.yaml"

  /// The image by its digest. Throws `usage` for one that is another tomorrow.
  static func image(_ wiring: Wiring, _ target: String) throws -> String {
    guard let image = wiring.pinnedImage else {
      throw Diagnostic(
        .usage, "\(target) needs the image of its steps by its digest",
        notes: [
          "the target docker makes an image; the registry that it is pushed to says its digest"
        ],
        hints: ["image=\"registry.example/kaizen@sha256:…\""])
    }
    return image
  }

  /// What all objects of a pipeline are called, each of its kind.
  static func title(_ wiring: Wiring) -> String {
    "kaizen-" + LegalName.of(wiring.spec.name, others: "-", limit: 40, isSmall: true)
  }

  static func object(
    _ version: String, _ kind: String, _ title: String, _ body: JSONValue, in key: String = "spec"
  ) -> JSONValue {
    .object([
      Fact("apiVersion", .string(version)), Fact("kind", .string(kind)),
      Fact(
        "metadata",
        .keyed([
          "name": .string(title),
          "labels": .keyed(["app.kubernetes.io/managed-by": .string("kaizen")]),
        ])),
      Fact(key, body),
    ])
  }

  /// The lines of these objects, with the one before them that has the values of parameters.
  static func documents(_ wiring: Wiring, _ objects: [JSONValue]) -> [String] {
    let values = wiring.valuesFile.map { file in
      object(
        "v1", "ConfigMap", title(wiring), .keyed(["parameters.yaml": .string(file.text)]),
        in: "data")
    }
    let texts = ([values].compactMap { $0 } + objects).map(YAML.lines)
    return Array(texts.joined(separator: ["---"]))
  }

  static let podSecurity = JSONValue.keyed([
    "runAsNonRoot": .bool(true), "runAsUser": .int(65532), "runAsGroup": .int(65532),
    "fsGroup": .int(65532), "seccompProfile": .keyed(["type": .string("RuntimeDefault")]),
  ])

  static let project = JSONValue.keyed([
    "name": .string("project"),
    "persistentVolumeClaim": .keyed(["claimName": .string(claim)]),
  ])

  static let scratch = JSONValue.keyed(["name": .string("scratch"), "emptyDir": .object([])])

  static func parameters(_ name: String) -> JSONValue {
    .keyed([
      "name": .string("parameters"), "configMap": .keyed(["name": .string(name)]),
    ])
  }

  /// A container that runs `words` in the target's folder, and may do nothing besides.
  static func container(
    _ wiring: Wiring, target: String, image: String, words: [String],
    mounts: [JSONValue] = []
  ) -> [Fact] {
    var mounts =
      [mount("project", "/project"), mount("scratch", "/tmp")] + mounts
    if !wiring.spec.parameters.isEmpty { mounts.append(mount("parameters", "/parameters", true)) }
    return [
      Fact("image", .string(image)), Fact("imagePullPolicy", .string("IfNotPresent")),
      Fact("command", .texts(words)),
      Fact("workingDir", .string(Path.normalized("/project/\(wiring.folder)/targets/\(target)"))),
      Fact(
        "securityContext",
        .keyed([
          "allowPrivilegeEscalation": .bool(false), "readOnlyRootFilesystem": .bool(true),
          "capabilities": .keyed(["drop": .texts(["ALL"])]),
        ])),
      Fact(
        "resources",
        .keyed([
          "requests": .keyed(["cpu": .string("500m"), "memory": .string("1Gi")]),
          "limits": .keyed(["memory": .string("4Gi")]),
        ])),
      Fact("volumeMounts", .array(mounts)),
      // Whatever the Secret of this name has, if there is one, is a variable.
      Fact(
        "envFrom",
        .array([
          .keyed([
            "secretRef": .keyed(["name": .string(title(wiring)), "optional": .bool(true)])
          ])
        ])),
    ]
  }

  static func mount(_ name: String, _ path: String, _ isReadOnly: Bool = false) -> JSONValue {
    var facts = [Fact("name", .string(name)), Fact("mountPath", .string(path))]
    if isReadOnly { facts.append(Fact("readOnly", .bool(true))) }
    return .object(facts)
  }
}
