import Disk
import JSON

/// The files beside a source that take the lines which could not be imported, and the reasons.
final class RejectionFiles {
    /// The two files.
    let paths: [String]
    private let lines: OutputDescriptor
    private let reasons: OutputDescriptor

    init(_ source: ImportSource) throws(DiskError) {
        let prefix = source.rejectionPrefix + ".rejected"
        paths = [prefix + ".ndjson", prefix + ".reasons.ndjson"]
        lines = try OutputDescriptor(creating: paths[0])
        reasons = try OutputDescriptor(creating: paths[1])
    }

    /// Adds a line, verbatim, and the reason.
    func add(_ line: Span<UInt8>, _ failure: ImportFailure) throws(DiskError) {
        if !line.isEmpty {
            var bytes: [UInt8] = []
            bytes.append(line)
            bytes.append(UInt8(ascii: "\n"))
            try lines.write(bytes.span)
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("line", failure.line)
        writer.member("byteOffset", failure.byteOffset)
        writer.member("reason", failure.reason.description)
        writer.endObject()
        writer.lineBreak()
        try reasons.write(writer.bytes.span)
    }
}
