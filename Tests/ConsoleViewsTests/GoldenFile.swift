import Foundation
import Screen
import Testing

/// A frame as it ought to be, kept in a file beside the tests.
enum GoldenFile {
    /// Compares a frame with its file; `RECORD_GOLDEN=1` writes the file instead.
    static func check(
        _ frame: Frame,
        name: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Golden/\(name).txt")
        let actual = frame.golden
        if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
            try actual.write(to: file, atomically: true, encoding: .utf8)
            return
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        guard actual != expected else { return }
        let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
        let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let rows = (0..<max(new.count, old.count)).compactMap { row -> String? in
            let (was, now) = (
                old.indices.contains(row) ? old[row] : "", new.indices.contains(row) ? new[row] : ""
            )
            return was == now ? nil : "\(row):\n- \(was)\n+ \(now)"
        }
        Issue.record(
            "\(name) differs:\n\(rows.joined(separator: "\n"))",
            sourceLocation: sourceLocation
        )
    }
}
