import Disk
import Glibc

/// Answers of other systems, beside the project where they are at hand.
enum TestVectors {
    /// The lines of a file of vectors; nothing where there is none.
    static func lines(of name: String) throws -> [String]? {
        let path = directory + "/" + name
        let disk = RealDisk()
        guard disk.exists(path) else { return nil }
        let file = try disk.open(path, writable: false)
        let bytes = try file.read(0..<(try file.size()))
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static var directory: String {
        if let named = getenv("RECOUNT_TEST_VECTORS") { return String(cString: named) }
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return "/" + root + "/../shared/vectors"
    }
}
