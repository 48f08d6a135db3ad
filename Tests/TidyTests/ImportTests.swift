import Testing

@Suite struct ImportTests {
    @Test func `every file imports only what its target may`() throws {
        for source in try Repository.sources(below: "Sources") {
            expectNone(forbiddenImports(in: source))
        }
    }

    @Test func `the package depends on exactly what the table says`() throws {
        let targets = PackageTargets(try Repository.text(of: "Package.swift")).dependencies
        #expect(Set(targets.keys) == Set(Layer.imports.keys))
        for (target, dependencies) in targets {
            #expect(dependencies == Layer.imports[target], "\(target)")
        }
    }

    @Test func `every folder of sources is a target`() throws {
        #expect(try Set(Repository.names(in: "Sources").map(target)) == Set(Layer.imports.keys))
    }

    @Test func `no arrow points upwards`() {
        #expect(upwardArrows(in: Layer.all) == [])
    }

    @Test func `a forbidden import is found`() {
        let text = """
            import EventModel
            public import Terminal
            @testable import JSON
            // import Screen
            import Foundation
            import struct Foundation.Data
            let text = "import Screen"
            import Glibc
            """
        let source = SourceFile(path: "Sources/EventStorage/Sample.swift", text: text)
        #expect(forbiddenImports(in: source).map(\.line) == [2, 3, 5, 6])
        let other = SourceFile(path: "Sources/EventModel/Sample.swift", text: "import Glibc")
        #expect(forbiddenImports(in: other).map(\.line) == [1])
    }

    @Test func `an arrow upwards is found`() {
        let layers = [
            Layer(name: "low", entries: [("A", ["B"]), ("B", [])]),
            Layer(name: "high", entries: [("C", ["A", "B", "D"]), ("D", ["C"])]),
        ]
        #expect(upwardArrows(in: layers) == ["A -> B", "C -> D"])
    }

    @Test func `targets are read from a manifest`() {
        let manifest = """
            .systemLibrary(name: "CThing", providers: [.apt(["libthing-dev"])]),
            .target(name: "One", linkerSettings: [.linkedLibrary("thing")]),
            // .target(name: "Gone", dependencies: ["One"]),
            .target(
                name: "Two",
                dependencies: [
                    "One", "CThing",
                ],
                swiftSettings: settings
            ),
            .executableTarget(name: "two", dependencies: ["Two"], path: "Sources/TwoTool"),
            .target(name: "Fixture", dependencies: ["One"], path: "Tests/Fixture"),
            .testTarget(name: "TwoTests", dependencies: ["Two"]),
            """
        #expect(
            PackageTargets(manifest).dependencies == [
                "CThing": [], "One": [], "Two": ["One", "CThing"], "two": ["Two"],
            ]
        )
    }
}

/// The target whose folder has a name.
private func target(_ folder: String) -> String {
    folder == "RecountExecutable" ? "recount" : folder
}

private func forbiddenImports(in source: SourceFile) -> [Finding] {
    let target = target(source.target)
    let allowed = Layer.imports[target] ?? []
    let expression =
        /^\s*(?:@\w+\s+)?(?:\w+\s+)?import\s+(?:struct\s+|class\s+|enum\s+|func\s+)?(\w+)/
    return source.matches(of: expression).compactMap { index, match in
        let module = String(match.1)
        if allowed.contains(module) { return nil }
        if let targets = Layer.systemModules[module], targets?.contains(target) ?? true {
            return nil
        }
        return source.finding(index, "\(target) must not import \(module).")
    }
}

/// The imports of targets that do not come before the one that imports them.
private func upwardArrows(in layers: [Layer]) -> [String] {
    var known: Set<String> = []
    var arrows: [String] = []
    for entry in layers.flatMap(\.entries) {
        arrows += entry.imports.subtracting(known).sorted().map { "\(entry.target) -> \($0)" }
        known.insert(entry.target)
    }
    return arrows
}

/// The targets that a package manifest makes of the folder `Sources`.
private struct PackageTargets {
    /// What each target depends on.
    private(set) var dependencies: [String: Set<String>] = [:]

    init(_ manifest: String) {
        let lines = manifest.split(separator: "\n")
        let text = lines.filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(separator: "\n")
        for match in text.matches(of: /\.(?:target|executableTarget|systemLibrary)\(/) {
            let call = PackageTargets.untilClosed(text[match.range.upperBound...])
            if call.contains(/path: "Tests\//) { continue }
            guard let name = call.firstMatch(of: /name: "(\w+)"/)?.1 else { continue }
            let list = call.firstMatch(of: /dependencies: \[([^\]]*)\]/)?.1 ?? ""
            dependencies[String(name)] = Set(list.matches(of: /"(\w+)"/).map { String($0.1) })
        }
    }

    /// The text up to the parenthesis that closes one opened before it.
    private static func untilClosed(_ text: Substring) -> Substring {
        var depth = 1
        for index in text.indices {
            if text[index] == "(" { depth += 1 }
            if text[index] == ")" { depth -= 1 }
            if depth == 0 { return text[..<index] }
        }
        return text
    }
}
