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
        .target(name: "EventStorage", dependencies: ["EventModel"], swiftSettings: settings),
        .target(
            name: "EventSchema",
            dependencies: ["EventModel", "JSON"],
            swiftSettings: settings
        ),

        // Store.
        .target(
            name: "EventLog",
            dependencies: ["EventModel", "EventStorage", "Disk", "JSON", "CXXHash", "CSystem"],
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
            dependencies: ["EventModel", "EventStorage", "EventSchema", "JSON"],
            swiftSettings: settings
        ),
        .target(
            name: "ReadModels",
            dependencies: [
                "EventModel", "EventStorage", "Disk", "Processing", "SQLiteDatabase",
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
                "OperationsModel", "CCrypto", "CZlib", "CZstd", "CSystem",
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
            dependencies: ["EventModel", "EventStorage", "Aggregates", "Disk"],
            swiftSettings: settings
        ),
        .target(name: "Billing", dependencies: ["Recount"], swiftSettings: settings),
        .executableTarget(
            name: "recount",
            dependencies: ["Recount", "Billing"],
            path: "Sources/RecountExecutable",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "RecountBenchmarks",
            dependencies: ["Recount", "Billing"],
            swiftSettings: settings
        ),

        // Tests.
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: settings),
        .testTarget(
            name: "EventSchemaTests",
            dependencies: ["EventSchema", "EventModel", "JSON"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SQLiteDatabaseTests",
            dependencies: ["SQLiteDatabase"],
            swiftSettings: settings
        ),
        .testTarget(name: "YAMLTests", dependencies: ["YAML"], swiftSettings: settings),
        .testTarget(
            name: "EventModelTests",
            dependencies: ["EventModel"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EventStorageTests",
            dependencies: ["EventModel", "EventStorage", "RecountTesting"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ProcessingTests",
            dependencies: ["EventModel", "Processing"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ReadModelsTests",
            dependencies: [
                "EventModel", "EventStorage", "Processing", "ReadModels", "RecountTesting",
                "SQLiteDatabase",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EventLogTests",
            dependencies: ["EventModel", "EventStorage", "EventLog", "Disk", "RecountTesting"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "QueryTests",
            dependencies: [
                "EventModel", "EventStorage", "EventLog", "JSON", "Disk", "Processing",
                "ReadModels", "SQLiteDatabase", "OperationsModel", "Operations",
                "RecountTesting",
            ],
            swiftSettings: settings
        ),
        .testTarget(name: "ScreenTests", dependencies: ["Screen"], swiftSettings: settings),
        .testTarget(
            name: "TerminalTests",
            dependencies: ["Terminal", "Screen", "CNcurses"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TransferTests",
            dependencies: [
                "EventModel", "JSON", "Disk", "EventStorage", "EventLog", "Operations",
                "RecountTesting", "CZlib", "CZstd",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "EventModel", "JSON", "Disk", "EventStorage", "EventLog", "Recount",
                "RecountTesting", "recount",
            ],
            exclude: ["Golden"],
            swiftSettings: settings
        ),
    ],
    cxxLanguageStandard: .cxx17
)
