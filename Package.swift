// swift-tools-version:6.2
import PackageDescription

/// One list of settings for every Swift target.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// A target in a room: `Sources/<room>/<name>`. Its imports are checked by `make check` against
/// the table in ARCHITECTURE.md.
func room(_ room: String, _ name: String, _ ours: [String], _ products: [Target.Dependency] = [])
  -> Target
{
  .target(
    name: name, dependencies: ours.map { .byName(name: $0) } + products,
    path: "Sources/\(room)/\(name)", swiftSettings: settings)
}

func suite(_ name: String, _ ours: [String]) -> Target {
  .testTarget(
    name: name, dependencies: ours.map { .byName(name: $0) }, path: "Tests/\(name)",
    swiftSettings: settings)
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let arguments = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

let ground = [
  "Diagnostics", "Documents", "Reproducibility", "Parallelism", "Processes",
]
let learned = ["Tensors", "Models", "Generation"]
let formats = ["Records", "Tokenization", "BlockFormats", "ModelFiles"]

let package = Package(
  name: "orchestrate",
  products: [.executable(name: "orchestrate", targets: ["orchestrate"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto", exact: "3.12.3"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
  ],
  targets: [
    // Ground: knows nothing of pipelines or models.
    .systemLibrary(name: "CLibYAML", path: "Sources/Ground/CLibYAML", pkgConfig: "yaml-0.1"),
    .target(
      name: "CKernels", path: "Sources/Ground/CKernels", exclude: ["orc_languages.bin"]),
    .target(name: "CSandbox", path: "Sources/Ground/CSandbox"),
    room("Ground", "Diagnostics", []),
    room("Ground", "Documents", ["Diagnostics", "CLibYAML", "CKernels"]),
    room("Ground", "Patterns", ["Diagnostics"]),
    room("Ground", "Reproducibility", ["Diagnostics", "Documents", "CKernels"], [crypto]),
    room("Ground", "Parallelism", ["CKernels"]),
    room("Ground", "Processes", ["Diagnostics", "Reproducibility", "CKernels", "CSandbox"]),
    room("Ground", "Webhooks", ["Diagnostics", "Documents", "Reproducibility"]),
    .target(
      name: "CCurl", path: "Sources/Ground/CCurl", linkerSettings: [.linkedLibrary("dl")]),
    room("Ground", "Endpoints", ["Diagnostics", "Documents", "Reproducibility", "CCurl"]),

    // Formats: what files mean.
    room("Formats", "Records", ground + ["CKernels"]),
    room("Formats", "Tokenization", ground + ["Records"]),
    room("Formats", "BlockFormats", ground + ["CKernels"]),
    room("Formats", "ModelFiles", ground + ["BlockFormats"]),

    // Data: what is done to records.
    room("Data", "Scrubbing", ground + ["Records", "Patterns", "CKernels"]),
    room("Data", "Curation", ground + ["Records", "Tokenization", "CKernels"]),

    // Learning: the embedded core.
    .target(
      name: "COpenBLAS", path: "Sources/Learning/COpenBLAS",
      linkerSettings: [.linkedLibrary("dl")]),
    room("Learning", "Tensors", ground + ["BlockFormats", "COpenBLAS", "CKernels"]),
    // NVIDIA's libraries by dlopen, and the kernels as source; the kernels on the host, for tests.
    .target(
      name: "CCUDA", path: "Sources/Learning/CCUDA", exclude: ["kernels"],
      linkerSettings: [.linkedLibrary("dl")]),
    .target(
      name: "CUDAEmulation", dependencies: ["CCUDA"], path: "Sources/Learning/CUDAEmulation",
      cxxSettings: [.headerSearchPath("../CCUDA/kernels")]),
    room("Learning", "CUDADevices", ground + ["BlockFormats", "Tensors", "CCUDA"]),
    room("Learning", "Models", ground + ["BlockFormats", "ModelFiles", "Tensors"]),
    room("Learning", "Generation", ground + formats + ["Tensors", "Models"]),
    room("Learning", "Scoring", ground + ["Patterns"]),
    room("Learning", "Training", ground + formats + learned + ["Scoring"]),
    room(
      "Learning", "Evaluation",
      ground + formats + learned + ["Scoring", "Patterns", "Endpoints"]),

    // Pipeline: knows stages by protocol only.
    room("Pipeline", "StageKit", ground),
    room("Pipeline", "Artifacts", ground + ["StageKit"]),
    room("Pipeline", "RunStore", ground + ["StageKit"], [grdb]),
    room("Pipeline", "Planning", ground + ["StageKit"]),
    room("Pipeline", "Execution", ground + ["StageKit", "Artifacts", "RunStore", "Planning"]),
    room("Pipeline", "Reports", ground + ["Endpoints", "StageKit", "Artifacts", "RunStore"]),

    // Tool: the one place that sees both sides.
    room(
      "Tool", "BuiltinStages",
      ground + formats + [
        "StageKit", "Scrubbing", "Curation", "Tensors", "Models", "Generation", "Scoring",
        "Training", "Evaluation", "Endpoints", "CUDADevices",
      ]),
    .executableTarget(
      name: "orchestrate",
      dependencies: (ground + formats + [
        "StageKit", "Artifacts", "RunStore", "Planning", "Execution", "Reports", "Tensors",
        "Models", "Generation", "Scoring", "Training", "Evaluation", "Scrubbing", "Curation",
        "BuiltinStages", "Webhooks", "CUDADevices",
      ]).map { .byName(name: $0) } + [arguments],
      path: "Sources/Tool/orchestrate", swiftSettings: settings),

    // The data of examples/01-support-triage, and the check of what the pipeline made of it.
    .executableTarget(
      name: "support-tickets",
      dependencies: ["Documents", "Reproducibility", "Records"].map { .byName(name: $0) },
      path: "examples/01-support-triage/Generator", swiftSettings: settings),

    // Speed and memory of the training core, in the cases of the Python stack.
    .executableTarget(
      name: "training-bench",
      dependencies: [
        "Parallelism", "ModelFiles", "Tensors", "Models", "Training", "CUDADevices",
      ]
      .map { .byName(name: $0) },
      path: "Benchmarks/Training", swiftSettings: settings),

    // What a card does: conformance, bits that stay, ceilings, predicted times.
    .executableTarget(
      name: "cuda-check",
      dependencies: [
        "Diagnostics", "Parallelism", "ModelFiles", "Tensors", "CUDADevices", "Models", "Training",
        "BackendConformance", "CountedCards", "OracleFiles", "Reproducibility",
      ].map { .byName(name: $0) },
      path: "Benchmarks/CUDA", swiftSettings: settings),

    // Answers of a model under test, and their time, beside lm-evaluation-harness.
    .executableTarget(
      name: "evaluation-bench",
      dependencies: [
        "Documents", "Reproducibility", "Parallelism", "Records", "ModelFiles", "Tensors",
        "Generation", "Evaluation",
      ].map { .byName(name: $0) },
      path: "Benchmarks/Evaluation", swiftSettings: settings),

    // Speed of the file formats beside their peers.
    .executableTarget(
      name: "formats-bench",
      dependencies: ["Diagnostics", "Documents", "Parallelism", "Tokenization", "ModelFiles"]
        .map { .byName(name: $0) },
      path: "Benchmarks/Formats", swiftSettings: settings),

    // Speed of what reads and curates data.
    .executableTarget(
      name: "data-bench",
      dependencies: [
        "Diagnostics", "Documents", "Reproducibility", "Parallelism", "Processes", "Records",
        "Curation",
      ].map { .byName(name: $0) },
      path: "Benchmarks/Data", swiftSettings: settings),

    // Tests mirror Sources.
    .target(
      name: "TestSupport", dependencies: (ground + ["StageKit"]).map { .byName(name: $0) },
      path: "Tests/TestSupport", swiftSettings: settings),
    suite("DiagnosticsTests", ["Diagnostics"]),
    suite("DocumentsTests", ["Diagnostics", "Documents", "CKernels", "TestSupport"]),
    suite("ReproducibilityTests", ground + ["TestSupport"]),
    suite("ParallelismTests", ["Parallelism", "CKernels"]),
    suite("ProcessesTests", ["Processes", "Diagnostics", "CSandbox", "TestSupport"]),
    suite("WebhooksTests", ground + ["Webhooks", "TestSupport"]),
    suite("EndpointsTests", ground + ["Endpoints", "TestSupport"]),
    suite("RecordsTests", ground + ["Records", "TestSupport"]),
    suite(
      "TokenizationTests",
      ground + ["Records", "Tokenization", "BlockFormats", "ModelFiles", "TestSupport"]),
    suite("ModelFilesTests", ground + ["CKernels", "BlockFormats", "ModelFiles", "TestSupport"]),
    suite("ScrubbingTests", ground + ["CKernels", "Records", "Scrubbing", "TestSupport"]),
    suite(
      "CurationTests",
      ground + ["CKernels", "Records", "Tokenization", "Curation", "TestSupport"]),
    suite("TensorsTests", ground + ["BlockFormats", "Tensors", "CKernels", "TestSupport"]),
    suite(
      "CUDAKernelTests", ground + ["BlockFormats", "Tensors", "CCUDA", "CUDAEmulation"]),
    suite(
      "ModelsTests",
      ground + formats + ["Tensors", "Models", "Generation", "TestSupport"]),
    .target(
      name: "OracleFiles",
      dependencies: (ground + ["Tensors", "Models"]).map { .byName(name: $0) },
      path: "Tests/OracleFiles", swiftSettings: settings),
    suite(
      "OracleTests",
      ground + formats + learned
        + ["Scoring", "Training", "TestSupport", "OracleFiles", "CUDADevices", "EmulatedCards"]),
    .target(
      name: "BackendConformance",
      dependencies: (ground + ["BlockFormats", "Tensors"]).map { .byName(name: $0) },
      path: "Tests/BackendConformance", swiftSettings: settings),
    .target(
      name: "EmulatedCards",
      dependencies: ["Diagnostics", "CUDADevices", "CUDAEmulation"].map { .byName(name: $0) },
      path: "Tests/EmulatedCards", swiftSettings: settings),
    .target(
      name: "CountedCards",
      dependencies: ["Diagnostics", "ModelFiles", "Tensors", "CUDADevices", "Models", "Training"]
        .map { .byName(name: $0) },
      path: "Tests/CountedCards", swiftSettings: settings),
    suite(
      "CUDADevicesTests",
      ground + ["Tensors", "CUDADevices", "EmulatedCards", "BackendConformance"]),
    suite(
      "CUDATrainingTests",
      ground + formats + learned
        + ["CUDADevices", "CountedCards", "EmulatedCards", "Training", "TestSupport"]),
    suite("PatternsTests", ["Patterns", "Diagnostics"]),
    suite("ScoringTests", ground + ["Scoring", "TestSupport"]),
    suite(
      "TrainingTests",
      ground + formats + ["Tensors", "Models", "Generation", "Scoring", "Training", "TestSupport"]),
    suite(
      "EvaluationTests",
      ground + formats + [
        "Patterns", "Tensors", "Models", "Generation", "Scoring", "Evaluation", "Endpoints",
        "TestSupport",
      ]),
    suite("StageKitTests", ground + ["StageKit", "TestSupport"]),
    suite("ArtifactsTests", ground + ["StageKit", "Artifacts", "TestSupport"]),
    suite("RunStoreTests", ground + ["StageKit", "RunStore", "TestSupport"]),
    suite("PlanningTests", ground + ["StageKit", "Planning", "TestSupport"]),
    suite(
      "ExecutionTests",
      ground + ["StageKit", "Artifacts", "RunStore", "Planning", "Execution", "TestSupport"]),
    suite(
      "ReportsTests", ground + ["StageKit", "Artifacts", "RunStore", "Reports", "TestSupport"]),
    suite(
      "BuiltinStagesTests",
      ground + formats + [
        "StageKit", "BuiltinStages", "Scrubbing", "Curation", "Tensors", "Models", "Generation",
        "Scoring", "Training", "Evaluation", "Endpoints", "TestSupport",
      ]),
    suite("EndToEndTests", ground + ["StageKit", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu17,
  cxxLanguageStandard: .cxx17
)
