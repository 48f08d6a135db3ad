import EventModel

/// Where the parts of a store lie in its directory.
public struct StoreDirectory: Hashable, Sendable {
    /// The directory itself.
    public let path: String

    /// Names a directory, which need not exist; slashes at the end are left out.
    public init(_ path: String) {
        var trimmed = Substring(path)
        while trimmed.utf8.count > 1 && trimmed.hasSuffix("/") { trimmed.removeLast() }
        self.path = String(trimmed)
    }

    /// The last part of the path without the ending `.store`.
    public var name: String {
        let last = path.split(separator: "/").last.map(String.init) ?? path
        return last.hasSuffix(".store") ? String(last.dropLast(6)) : last
    }

    /// The directory that holds it.
    var parent: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The identity of the store.
    public var manifest: String { path + "/store.json" }
    /// The log files, and the page that processes share.
    public var log: String { path + "/log" }
    /// The databases of the processing groups.
    public var groups: String { path + "/groups" }
    /// The saved states of aggregates.
    public var snapshots: String { path + "/snapshots.sqlite" }
    /// How long commands took.
    public var commands: String { path + "/commands.sqlite" }
    /// The domain as data, where the store has one.
    public var model: String { path + "/recount.yaml" }

    var sharedPage: String { log + "/shared" }

    /// The page whose lock is held by whoever makes files ahead and index files.
    var upkeepPage: String { log + "/upkeep" }

    var preparedFile: String { log + "/prepared" }

    func indexFile(_ firstPosition: Position) -> String {
        log + "/" + IndexFormat.fileName(firstPosition: firstPosition.number)
    }

    func logFile(_ name: String) -> String { log + "/" + name }
}
