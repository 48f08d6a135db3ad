/// A layer of the program: targets that may know those of the layers before, and those named
/// before them in their own.
struct Layer {
    /// A target and the targets of this package that it may import.
    typealias Entry = (target: String, imports: Set<String>)

    let name: String
    let entries: [Entry]

    /// The layers from the lowest to the highest.
    static let all: [Layer] = [
        Layer(
            name: "C",
            entries: [
                ("CCrypto", []), ("CNcurses", []), ("CSQLite", []), ("CXXHash", []),
                ("CYAML", []), ("CZlib", []), ("CZstd", []), ("CSimdJSON", []), ("CSystem", []),
            ]
        ),
        Layer(
            name: "kernel",
            entries: [
                ("EventModel", []),
                ("JSON", ["CSimdJSON"]),
                ("YAML", ["CYAML"]),
                ("Disk", ["CSystem"]),
                ("EventStorage", ["EventModel", "CSystem"]),
                ("EventSchema", ["EventModel", "JSON"]),
            ]
        ),
        Layer(
            name: "store",
            entries: [
                (
                    "EventLog",
                    ["EventModel", "EventStorage", "Disk", "JSON", "CXXHash", "CCrypto"]
                )
            ]
        ),
        Layer(name: "engine", entries: engine),
        Layer(
            name: "operations",
            entries: [
                ("OperationsModel", ["EventModel"]),
                (
                    "Operations",
                    [
                        "EventModel", "JSON", "Disk", "EventStorage", "EventSchema", "EventLog",
                        "Aggregates", "SQLiteDatabase", "Processing", "ReadModels",
                        "DomainModel", "OperationsModel", "CZlib", "CZstd",
                        "CSystem",
                    ]
                ),
            ]
        ),
        Layer(
            name: "console",
            entries: [
                ("Screen", []),
                ("ConsoleModel", ["EventModel", "OperationsModel"]),
                ("ConsoleViews", ["EventModel", "OperationsModel", "ConsoleModel", "Screen"]),
                ("Terminal", ["Screen", "CNcurses", "CSystem"]),
            ]
        ),
        Layer(name: "product", entries: product),
    ]

    private static let engine: [Entry] = [
        ("Aggregates", ["EventModel", "EventStorage", "EventSchema", "JSON"]),
        ("SQLiteDatabase", ["CSQLite"]),
        ("Processing", ["EventModel", "EventStorage", "EventSchema", "JSON", "CCrypto"]),
        (
            "ReadModels",
            ["EventModel", "EventStorage", "Disk", "Processing", "SQLiteDatabase", "CCrypto"]
        ),
        (
            "DomainModel",
            [
                "EventModel", "EventStorage", "EventSchema", "Aggregates", "Processing",
                "ReadModels", "SQLiteDatabase", "JSON", "YAML",
            ]
        ),
    ]

    private static let product: [Entry] = [
        (
            "Recount",
            [
                "EventModel", "JSON", "YAML", "Disk", "EventStorage", "EventSchema", "EventLog",
                "Aggregates", "SQLiteDatabase", "Processing", "ReadModels", "DomainModel",
                "OperationsModel", "Operations", "Screen", "ConsoleModel", "ConsoleViews",
                "Terminal", "CSystem",
            ]
        ),
        (
            "RecountTesting",
            [
                "EventModel", "JSON", "Disk", "EventStorage", "EventSchema", "Aggregates",
                "SQLiteDatabase", "Processing", "ReadModels",
            ]
        ),
        ("Billing", ["Recount"]),
        ("Example", ["Recount"]),
        ("recount", ["Recount", "Billing", "EventLog"]),
        (
            "RecountBenchmarks",
            [
                "Recount", "EventModel", "Disk", "JSON", "EventStorage", "EventSchema", "EventLog",
                "Processing", "DomainModel", "OperationsModel", "Operations", "Screen",
                "ConsoleModel", "ConsoleViews", "CSystem", "CSQLite", "CXXHash",
            ]
        ),
    ]

    /// Modules of the toolchain, and the targets that may import them; nothing means all.
    ///
    /// Foundation is only a peer in the benchmarks: the program does without.
    static let systemModules: [String: Set<String>?] = [
        "Synchronization": nil,
        "Glibc": [
            "Disk", "EventStorage", "Operations", "Screen", "Terminal", "Recount",
            "RecountTesting", "recount", "RecountBenchmarks",
        ],
        "Testing": ["RecountTesting"],
        "Foundation": ["RecountBenchmarks"],
    ]

    /// What every target may import.
    static let imports = Dictionary(
        uniqueKeysWithValues: all.flatMap { $0.entries.map { ($0.target, $0.imports) } }
    )
}
