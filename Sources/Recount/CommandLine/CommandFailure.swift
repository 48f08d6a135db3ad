import Aggregates
import Disk
import DomainModel
import EventModel
import EventStorage
import Glibc
import Operations
import OperationsModel

/// Why a verb was not done: the exit status, and what to print.
public struct CommandFailure: Error, Sendable, CustomStringConvertible {
    /// How the program ends.
    public var status: ExitStatus
    /// What happened, where, and what to do about it.
    public var message: String

    /// Makes a failure.
    public init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    /// The message.
    public var description: String { message }

    /// Arguments that make no sense.
    static func usage(_ message: String) -> CommandFailure {
        CommandFailure(.wrongUsage, message)
    }
}

extension CommandFailure {
    /// Why a command was not carried out.
    init<Rejection>(_ error: CommandError<Rejection>) {
        switch error {
        case .rejected, .exists, .missing, .conflict: self.init(.refused, error.description)
        case .refused(let refusal): self.init(.refused, refusal.advice)
        case .history, .failed: self.init(.storageFailure, error.description)
        }
    }
}

extension CommandFailure {
    /// Tells any error that a verb can throw.
    init(_ error: any Error) {
        switch error {
        case let error as CommandFailure: self = error
        case let error as StorageError: self.init(.storageFailure, error.description)
        case let error as AppendError: self.init(error)
        case let error as ImportError: self.init(error)
        case let error as ExportError: self.init(error)
        case let error as OperationsError: self.init(error)
        case let error as ModelError: self.init(.wrongUsage, error.description)
        case let error as DiskError: self.init(.storageFailure, error.description)
        default: self.init(.storageFailure, String(describing: error))
        }
    }

    private init(_ error: AppendError) {
        switch error {
        case .refused(let refusal): self.init(.refused, refusal.advice)
        case .failed(let failure): self.init(.storageFailure, failure.description)
        }
    }

    private init(_ error: ImportError) {
        switch error {
        case .line(let failure):
            self.init(
                .finding,
                "\(failure); everything before this line is in the store: mend the line and "
                    + "import again, or use '--on-error skip'"
            )
        case .file(let error):
            self.init(
                error.call == "open" ? .wrongUsage : .storageFailure,
                "\(error.description); check the path and the permissions"
            )
        case .store(let error):
            self.init(error)
        }
    }

    private init(_ error: ExportError) {
        switch error {
        case .store(let failure): self.init(.storageFailure, failure.description)
        case .output(let failure): self.init(.storageFailure, failure.description)
        }
    }

    private init(_ error: OperationsError) {
        let status: ExitStatus =
            switch error.code {
            case .notFound, .finding: .finding
            case .invalid: .wrongUsage
            case .refused: .refused
            case .storage: .storageFailure
            }
        self.init(status, error.message)
    }
}

extension AppendRefusal {
    /// The refusal, and what to do about it.
    fileprivate var advice: String {
        switch self {
        case .conflict(let conflict):
            let stream = conflict.stream
            let actual = conflict.last.map { "its last sequence is \($0)" } ?? "it does not exist"
            return
                "stream \(stream) was expected to \(conflict.expectation.clause), but \(actual); "
                + "look at its history and decide again"
        default:
            return description
        }
    }
}

extension StreamExpectation {
    fileprivate var clause: String {
        switch self {
        case .any: "stand anywhere"
        case .noStream: "not exist yet"
        case .streamExists: "exist"
        case .exactly(let sequence): "end with sequence \(sequence)"
        }
    }
}

extension Error {
    /// Whether the error says that nobody reads the output any more.
    var isClosedOutput: Bool {
        if let error = self as? DiskError { return error.number == EPIPE }
        if case .output(let error)? = self as? ExportError { return error.number == EPIPE }
        return false
    }
}
