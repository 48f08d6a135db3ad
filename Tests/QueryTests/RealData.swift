import Disk
import Glibc
import JSON
import Testing

/// The orders of a web shop and what is known of them without a store.
enum RealData {
    /// Whether the folder with the data is there.
    static var isPresent: Bool { directory != nil }

    /// The folder that the environment names, or the one beside the package.
    private static let directory: String? = {
        if let named = getenv("RECOUNT_TEST_DATA") { return String(cString: named) }
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let beside = "/" + root + "/../shared/data"
        return RealDisk().exists(beside) ? beside : nil
    }()

    static var path: String { "\(directory ?? "")/online-retail.ndjson.gz" }

    static func truth() throws -> JSONValue {
        let path = "\(directory ?? "")/online-retail.truth.json"
        let file = try RealDisk().open(path, writable: false)
        return try JSONValue(parsing: try file.read(0..<file.size()))
    }
}
