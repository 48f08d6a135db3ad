// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableExperimentalFeature("Lifetimes"),
    .treatAllWarnings(as: .error),
]

/// The tests, each with the targets it imports.
let tests: KeyValuePairs<String, [Target.Dependency]> = [
    "AggregatesTests": [
        "EventModel", "EventStorage", "EventSchema", "Aggregates", "JSON", "Disk",
        "RecountTesting",
    ],
    "BenchmarksTests": [
        "JSON", "Disk", "RecountTesting", "ProgramFixture", "RecountBenchmarks",
    ],
    "BillingTests": [
        "Billing", "EventModel", "EventStorage", "EventSchema", "Aggregates", "DomainModel",
        "Processing", "ReadModels", "SQLiteDatabase", "Disk", "EventLog", "JSON", "Recount",
        "RecountTesting",
    ],
    "CommandLineTests": [
        "EventModel", "JSON", "Disk", "EventStorage", "EventLog", "Processing", "ReadModels",
        "SQLiteDatabase", "Operations", "Recount", "RecountTesting", "ProgramFixture", "recount",
        "Example",
    ],
    "ConsoleModelTests": ["EventModel", "OperationsModel", "ConsoleModel", "ConsoleFixture"],
    "ConsoleViewsTests": [
        "EventModel", "OperationsModel", "ConsoleModel", "ConsoleViews", "Screen", "ConsoleFixture",
    ],
    "DiskTests": ["Disk", "RecountTesting", "ProgramFixture"],
    "DomainModelTests": [
        "Disk", "EventModel", "EventStorage", "EventSchema", "EventLog", "Aggregates",
        "DomainModel", "Processing", "ReadModels", "SQLiteDatabase", "JSON", "CCrypto", "CZlib",
        "RecountTesting",
    ],
    "EventLogTests": [
        "EventModel", "EventStorage", "EventLog", "Disk", "RecountTesting", "CXXHash",
        "ProgramFixture", "LogTester", "recount",
    ],
    "EventModelTests": ["EventModel"],
    "EventSchemaTests": ["EventSchema", "EventModel", "JSON"],
    "EventStorageTests": ["EventModel", "EventStorage", "RecountTesting"],
    "FuzzTests": ["Disk", "FuzzTargets"],
    "JSONTests": ["JSON"],
    "OperationsTests": [
        "EventModel", "EventStorage", "EventSchema", "EventLog", "JSON", "Disk", "Aggregates",
        "DomainModel", "Processing", "ReadModels", "SQLiteDatabase", "OperationsModel",
        "Operations",
        "RecountTesting",
    ],
    "ProcessingTests": ["Disk", "EventModel", "EventStorage", "Processing", "RecountTesting"],
    "QueryTests": [
        "EventModel", "EventStorage", "EventLog", "JSON", "Disk", "Processing", "ReadModels",
        "SQLiteDatabase", "OperationsModel", "Operations", "RecountTesting",
    ],
    "ReadModelsTests": [
        "Disk", "EventModel", "EventStorage", "Processing", "ReadModels", "RecountTesting",
        "SQLiteDatabase",
    ],
    "SQLiteDatabaseTests": ["SQLiteDatabase", "Disk", "EventStorage"],
    "RecountTestingTests": [
        "EventModel", "EventStorage", "EventSchema", "Aggregates", "JSON", "ReadModels",
        "SQLiteDatabase", "RecountTesting",
    ],
    "ScreenTests": ["Screen"],
    "SnapshotTests": [
        "EventModel", "EventStorage", "EventLog", "Aggregates", "OperationsModel", "Operations",
        "Disk", "SQLiteDatabase", "RecountTesting",
    ],
    "StoriesTests": [
        "EventModel", "EventStorage", "EventLog", "JSON", "Disk", "Processing", "ReadModels",
        "SQLiteDatabase", "Operations", "ConsoleModel", "Screen", "Billing", "RecountTesting",
        "ProgramFixture", "MailProgram", "recount",
    ],
    "TerminalTests": ["Terminal", "Screen", "CNcurses", "ProgramFixture"],
    "TidyTests": [
        "EventModel", "EventStorage", "EventLog", "Disk", "ReadModels", "Screen", "YAML",
    ],
    "TransferTests": [
        "EventModel", "JSON", "Disk", "EventStorage", "EventLog", "Operations", "RecountTesting",
        "CZlib", "CZstd",
    ],
    "YAMLTests": ["YAML"],
]

/// The folders of tests that hold data, not code.
let dataFolders = [
    "CommandLineTests": ["Golden"],
    "ConsoleViewsTests": ["Golden"],
    "DomainModelTests": ["Models"],
    "FuzzTests": ["Corpus"],
]

let package = Package(
    name: "recount",
    products: [
        .library(name: "Recount", targets: ["Recount"]),
        .library(name: "RecountTesting", targets: ["RecountTesting"]),
        .executable(name: "recount", targets: ["recount"]),
        .executable(name: "RecountBenchmarks", targets: ["RecountBenchmarks"]),
    ],
    targets: [
        // C: one Debian library each.
        .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CNcurses", providers: [.apt(["libncursesw5-dev"])]),
        .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CXXHash", providers: [.apt(["libxxhash-dev"])]),
        .systemLibrary(name: "CYAML", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
        // C: thin shims over what Swift cannot call itself.
        .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
        .target(name: "CSystem"),

        // Kernel.
        .target(name: "EventModel", swiftSettings: settings),
        .target(name: "JSON", dependencies: ["CSimdJSON"], swiftSettings: settings),
        .target(name: "YAML", dependencies: ["CYAML"], swiftSettings: settings),
        .target(name: "Disk", dependencies: ["CSystem"], swiftSettings: settings),
        .target(
            name: "EventStorage",
            dependencies: ["EventModel", "CSystem"],
            swiftSettings: settings
        ),
        .target(
            name: "EventSchema",
            dependencies: ["EventModel", "JSON"],
            swiftSettings: settings
        ),

        // Store.
        .target(
            name: "EventLog",
            dependencies: ["EventModel", "EventStorage", "Disk", "JSON", "CXXHash", "CCrypto"],
            swiftSettings: settings
        ),

        // Engine.
        .target(
            name: "Aggregates",
            dependencies: ["EventModel", "EventStorage", "EventSchema", "JSON"],
            swiftSettings: settings
        ),
        .target(name: "SQLiteDatabase", dependencies: ["CSQLite"], swiftSettings: settings),
        .target(
            name: "Processing",
            dependencies: ["EventModel", "EventStorage", "EventSchema", "JSON", "CCrypto"],
            swiftSettings: settings
        ),
        .target(
            name: "ReadModels",
            dependencies: [
                "EventModel", "EventStorage", "Disk", "Processing", "SQLiteDatabase", "CCrypto",
            ],
            swiftSettings: settings
        ),
        .target(
            name: "DomainModel",
            dependencies: [
                "EventModel", "EventStorage", "EventSchema", "Aggregates", "Processing",
                "ReadModels", "SQLiteDatabase", "JSON", "YAML",
            ],
            swiftSettings: settings
        ),

        // Operations.
        .target(name: "OperationsModel", dependencies: ["EventModel"], swiftSettings: settings),
        .target(
            name: "Operations",
            dependencies: [
                "EventModel", "JSON", "Disk", "EventStorage", "EventSchema", "EventLog",
                "Aggregates", "SQLiteDatabase", "Processing", "ReadModels", "DomainModel",
                "OperationsModel", "CZlib", "CZstd", "CSystem",
            ],
            swiftSettings: settings
        ),

        // Console.
        .target(name: "Screen", swiftSettings: settings),
        .target(
            name: "ConsoleModel",
            dependencies: ["EventModel", "OperationsModel"],
            swiftSettings: settings
        ),
        .target(
            name: "ConsoleViews",
            dependencies: ["EventModel", "OperationsModel", "ConsoleModel", "Screen"],
            swiftSettings: settings
        ),
        .target(
            name: "Terminal",
            dependencies: ["Screen", "CNcurses", "CSystem"],
            swiftSettings: settings
        ),

        // Product.
        .target(
            name: "Recount",
            dependencies: [
                "EventModel", "JSON", "YAML", "Disk", "EventStorage", "EventSchema", "EventLog",
                "Aggregates", "SQLiteDatabase", "Processing", "ReadModels", "DomainModel",
                "OperationsModel", "Operations", "Screen", "ConsoleModel", "ConsoleViews",
                "Terminal", "CSystem",
            ],
            swiftSettings: settings
        ),
        .target(
            name: "RecountTesting",
            dependencies: [
                "EventModel", "JSON", "Disk", "EventStorage", "EventSchema", "Aggregates",
                "SQLiteDatabase", "Processing", "ReadModels",
            ],
            swiftSettings: settings
        ),
        .target(
            name: "ConsoleFixture",
            dependencies: ["EventModel", "OperationsModel", "ConsoleModel"],
            path: "Tests/ConsoleFixture",
            swiftSettings: settings
        ),
        .target(
            name: "Billing",
            dependencies: ["Recount"],
            exclude: ["revenue-check.sql"],
            swiftSettings: settings
        ),
        .executableTarget(name: "Example", dependencies: ["Recount"], swiftSettings: settings),
        .testTarget(
            name: "FuzzTargets",
            dependencies: [
                "EventModel", "JSON", "YAML", "Disk", "EventStorage", "EventLog", "DomainModel",
                "Operations",
            ],
            path: "Tests/FuzzTargets",
            swiftSettings: settings
        ),
        .target(
            name: "ProgramFixture",
            dependencies: ["JSON", "Disk", "Screen", "RecountTesting", "CSystem"],
            path: "Tests/ProgramFixture",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "LogTester",
            dependencies: ["EventModel", "Disk", "EventStorage", "EventLog"],
            path: "Tests/LogTester",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "MailProgram",
            dependencies: ["Recount", "Processing", "Disk"],
            path: "Tests/MailProgram",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "recount",
            dependencies: ["Recount", "Billing", "EventLog"],
            path: "Sources/RecountExecutable",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "RecountBenchmarks",
            dependencies: [
                "Recount", "EventModel", "Disk", "JSON", "EventStorage", "EventSchema", "EventLog",
                "Processing", "DomainModel", "OperationsModel", "Operations", "Screen",
                "ConsoleModel", "ConsoleViews", "CSystem", "CSQLite", "CXXHash",
            ],
            swiftSettings: settings
        ),
    ]
        + tests.map { name, dependencies in
            .testTarget(
                name: name,
                dependencies: dependencies,
                exclude: dataFolders[name] ?? [],
                swiftSettings: settings
            )
        },
    cxxLanguageStandard: .cxx17
)
