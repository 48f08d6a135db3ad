import Disk
import Testing

/// The files of the repository that this test was built from.
enum Repository {
    /// The directory that holds `Package.swift`.
    static let root: String = {
        let parts = #filePath.split(separator: "/").dropLast(3)
        return "/" + parts.joined(separator: "/")
    }()

    private static let disk = RealDisk()

    /// The names in a directory, sorted.
    static func names(in path: String) throws -> [String] {
        try disk.names(in: root + "/" + path)
    }

    /// The text of a file; bytes that are no UTF-8 are replaced.
    static func text(of path: String) throws -> String {
        let file = try disk.open(root + "/" + path, writable: false)
        return String(decoding: try file.read(0..<file.size()), as: UTF8.self)
    }

    /// The paths of all files below a directory that end in one of some endings.
    static func files(below path: String, ending endings: [String]) throws -> [String] {
        try names(in: path).flatMap { name -> [String] in
            let full = path + "/" + name
            if isDirectory(full) { return try files(below: full, ending: endings) }
            return endings.contains { name.hasSuffix($0) } ? [full] : []
        }
    }

    /// Every Swift file, read and taken apart.
    static let swiftFiles = Result {
        try
            (files(below: "Sources", ending: [".swift"]) + files(below: "Tests", ending: [".swift"]))
            .map { SourceFile(path: $0, text: try text(of: $0)) }
    }

    /// The Swift files below a directory.
    static func sources(below path: String = "") throws -> [SourceFile] {
        try swiftFiles.get().filter { $0.path.hasPrefix(path) }
    }

    private static func isDirectory(_ path: String) -> Bool {
        (try? disk.names(in: root + "/" + path)) != nil
    }
}

/// Something in a file that is not as it should be.
struct Finding: Hashable, CustomStringConvertible {
    var path: String
    var line: Int
    var message: String

    var description: String { "\(path):\(line): \(message)" }
}

/// Fails once for each finding, so that all are told in one run.
func expectNone(
    _ findings: [Finding],
    sourceLocation: SourceLocation = #_sourceLocation
) {
    for finding in findings {
        Issue.record("\(finding)", sourceLocation: sourceLocation)
    }
}

@Test func `the top level holds only what it must`() throws {
    let allowed: Set = ["Package.swift", "Sources", "Tests", "themes", "README.md", "LICENSE"]
    let names = try Repository.names(in: "")
    #expect(names.contains("Package.swift"))
    #expect(names.filter { !$0.hasPrefix(".") && !allowed.contains($0) } == [])
}
