import Disk
import Glibc
import ProgramFixture
import RecountTesting
import Testing

/// Runs what documents show as commands.
enum DocumentShell {
    static let root: String = {
        #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
    }()

    /// A file of the package.
    static func text(of path: String) throws -> String {
        let file = try RealDisk().open(root + "/" + path, writable: false)
        return String(decoding: try file.read(0..<file.size()), as: UTF8.self)
    }

    /// The lines of a document's blocks of a language.
    static func blocks(_ language: String, of path: String) throws -> [[String]] {
        try text(of: path).split(separator: "```\(language)\n").dropFirst()
            .compactMap { $0.split(separator: "\n```").first }
            .map { $0.split(separator: "\n").map(String.init) }
    }

    /// Runs lines in a shell in which `recount` is the built program; what it prints.
    static func run(_ lines: [String], in directory: String) throws -> String {
        let program = try #require(Program.path)
        let script =
            ["set -eu", "cd '\(directory)'", "recount() { '\(program)' \"$@\"; }"] + lines
        let path = TemporaryDirectory()
        let file = try RealDisk().create(path.path + "/script", size: 0)
        try file.write(Array(script.joined(separator: "\n").utf8).span.bytes, at: 0)
        let pipe = try #require(popen("bash '\(path.path)/script' 2>&1 </dev/null", "r"))
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = fread(&buffer, 1, buffer.count, pipe)
            guard count > 0 else { break }
            output += buffer[..<count]
        }
        let text = String(decoding: output, as: UTF8.self)
        let status = pclose(pipe)
        #expect(status == 0, "\(text)")
        return text
    }
}
