/// Where events to import come from.
public enum ImportSource: Hashable, Sendable {
    /// A file: plain, gzip or zstd, told apart by its first bytes.
    case file(String)
    /// The standard input of the process, in any of these forms.
    case standardInput

    /// Reads the form of the command line: a path, or `-` for the standard input.
    public init(argument: String) {
        self = argument == "-" ? .standardInput : .file(argument)
    }

    /// What messages call the source.
    public var name: String {
        switch self {
        case .file(let path): path
        case .standardInput: "standard input"
        }
    }

    /// What the files with rejected lines start with.
    var rejectionPrefix: String {
        switch self {
        case .file(let path): path
        case .standardInput: "stdin"
        }
    }
}
