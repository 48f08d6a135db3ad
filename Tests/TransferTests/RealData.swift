import Disk
import Glibc
import JSON
import Testing

/// A set of real events and what is known of it without a store.
struct RealData: Sendable, CustomTestStringConvertible {
    let name: String

    var testDescription: String { name }

    static let all = ["online-retail", "scoop-main", "nycflights-2013q1"].map(RealData.init)
    static let retail = RealData(name: "online-retail")

    /// Whether the folder with the data is there.
    static var isPresent: Bool { directory != nil }

    /// The folder that the environment names, or the one beside the package.
    static let directory: String? = {
        if let named = getenv("RECOUNT_TEST_DATA") { return String(cString: named) }
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let beside = "/" + root + "/../shared/data"
        return RealDisk().exists(beside) ? beside : nil
    }()

    var path: String { "\(RealData.directory ?? "")/\(name).ndjson.gz" }

    /// What is known of the set.
    func truth() throws -> JSONValue {
        let path = "\(RealData.directory ?? "")/\(name).truth.json"
        let file = try RealDisk().open(path, writable: false)
        return try JSONValue(parsing: try file.read(0..<file.size()))
    }
}
