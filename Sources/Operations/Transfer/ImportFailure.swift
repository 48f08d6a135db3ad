public import EventModel
public import EventStorage
public import JSON

/// A line that could not be imported.
public struct ImportFailure: Error, Hashable, Sendable {
    /// The name of the source.
    public var source: String
    /// The number of the line, from 1.
    public var line: Int
    /// The place in the line, in bytes from 0.
    public var byteOffset: Int
    /// What is wrong there.
    public var reason: Reason

    /// Makes a failure from its parts.
    public init(source: String, line: Int, byteOffset: Int, reason: Reason) {
        self.source = source
        self.line = line
        self.byteOffset = byteOffset
        self.reason = reason
    }

    /// What is wrong with a line.
    public enum Reason: Error, Hashable, Sendable {
        /// The line is not JSON.
        case invalidJSON(JSONError.Reason)
        /// The line is JSON, but not an object.
        case notAnObject
        /// A required attribute is not there.
        case missingAttribute(String)
        /// An attribute's value is not what it has to be, which the second text says.
        case invalidAttribute(String, expected: String)
        /// The line has both `data` and `data_base64`.
        case dataTwice
        /// The line has more bytes than are read as one.
        case tooLong(size: Int)
        /// The event breaks a limit of the store.
        case limit(EventDefect)
        /// `id` and `source` belong to the event at a position, which is in another stream.
        case identityReused(Position)
        /// The compressed bytes end in the middle of this line.
        case endsTooEarly
        /// The compressed bytes are damaged in or after this line.
        case damaged
    }
}

extension ImportFailure.Reason: CustomStringConvertible {
    /// The reason as a clause.
    public var description: String {
        switch self {
        case .invalidJSON(let reason): "this is not JSON: \(reason)"
        case .notAnObject: "a CloudEvent is a JSON object"
        case .missingAttribute(let name): "the attribute '\(name)' is missing"
        case .invalidAttribute(let name, let expected):
            "the attribute '\(name)' must be \(expected)"
        case .dataTwice: "there are both 'data' and 'data_base64'"
        case .tooLong(let size):
            "the line of \(size) bytes is longer than \(LineCutter.lineSizeMax)"
        case .limit(let defect): "\(defect)"
        case .identityReused(let position):
            "its id and source belong to the event at position \(position), "
                + "which is in another stream"
        case .endsTooEarly: "the compressed file ends too early"
        case .damaged: "the compressed file is damaged"
        }
    }
}

extension ImportFailure: CustomStringConvertible {
    /// Source, line, place and reason.
    public var description: String {
        "\(source), line \(line), byte \(byteOffset): \(reason)"
    }
}

/// What is wrong with a line, before it is known which line it is.
struct LineDefect: Error {
    var byteOffset: Int
    var reason: ImportFailure.Reason

    init(_ reason: ImportFailure.Reason, at byteOffset: Int = 0) {
        self.reason = reason
        self.byteOffset = byteOffset
    }
}
