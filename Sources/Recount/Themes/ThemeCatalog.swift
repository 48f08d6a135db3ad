import Disk
import Glibc
import Screen
import Terminal
import YAML

/// The themes that can be chosen: the built-in one and those in files.
///
/// A theme is looked for in `$XDG_CONFIG_HOME/recount/themes` (or `~/.config/…`), in the folder
/// `themes` of the directory at hand, and in the one beside the program's package.
struct ThemeCatalog: Sendable {
    private let directories: [String]
    private let disk: any Disk

    /// Makes the catalogue of this process.
    static func standard(disk: any Disk = RealDisk()) -> ThemeCatalog {
        var directories: [String] = []
        let variable = { (name: String) in getenv(name).map { String(cString: $0) } }
        if let home = variable("XDG_CONFIG_HOME") ?? variable("HOME").map({ $0 + "/.config" }) {
            directories.append(home + "/recount/themes")
        }
        directories.append("themes")
        directories += directoriesAboveProgram().map { $0 + "/themes" }
        return ThemeCatalog(directories: directories, disk: disk)
    }

    /// Makes a catalogue of directories; those that come first win.
    init(directories: [String], disk: any Disk = RealDisk()) {
        self.directories = directories
        self.disk = disk
    }

    /// The names of the themes, sorted.
    var names: [String] {
        var names: Set<String> = [Theme.nightWatch.slug]
        for directory in directories {
            for name in (try? disk.names(in: directory)) ?? [] where name.hasSuffix(".yaml") {
                names.insert(String(name.dropLast(5)))
            }
        }
        return names.sorted()
    }

    /// The theme with a name, or in the file with a path.
    ///
    /// - Throws: ``CommandFailure`` that names the file, the place in it and what is allowed, or
    ///   the themes there are.
    func theme(_ name: String) throws(CommandFailure) -> Theme {
        if name.contains("/") || name.hasSuffix(".yaml") { return try theme(inFile: name) }
        for directory in directories where disk.exists("\(directory)/\(name).yaml") {
            return try theme(inFile: "\(directory)/\(name).yaml")
        }
        if name == Theme.nightWatch.slug { return .nightWatch }
        throw .usage(
            "there is no theme '\(name)'; there are " + names.joined(separator: ", ")
        )
    }

    /// The theme that was asked for by name or path; without, one that suits the terminal.
    func chosen(_ name: String?) throws(CommandFailure) -> Theme {
        if let name { return try theme(name) }
        let background = TerminalBackground { name in getenv(name).map { String(cString: $0) } }
        guard background == .light else { return .nightWatch }
        return (try? theme(ThemeCatalog.lightName)) ?? .nightWatch
    }

    /// The name of the theme for terminals with a light background.
    private static let lightName = "day-watch"

    private func theme(inFile path: String) throws(CommandFailure) -> Theme {
        do {
            let file = try disk.open(path, writable: false)
            let bytes = try file.read(0..<min(file.size(), 1 << 20))
            return try Theme(ThemeNode(YAMLNode(parsing: bytes)))
        } catch {
            throw .usage("the theme \(path) cannot be used: \(error)")
        }
    }

    /// The directories above the program's own file, nearest first.
    private static func directoriesAboveProgram() -> [String] {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { return [] }
        var parts = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
            .split(separator: "/").dropLast()
        var directories: [String] = []
        while !parts.isEmpty, directories.count < 5 {
            directories.append("/" + parts.joined(separator: "/"))
            parts.removeLast()
        }
        return directories
    }
}

extension ThemeNode {
    /// A theme file's node with its place in the file.
    init(_ node: YAMLNode) {
        let value: Value
        if let entries = node.mapping {
            value = .mapping(entries.map { Entry($0.name, ThemeNode($0.value)) })
        } else if let elements = node.sequence {
            value = .sequence(elements.map { ThemeNode($0) })
        } else {
            value = .scalar(node.string ?? "")
        }
        self.init(value, line: node.line, column: node.column)
    }
}
