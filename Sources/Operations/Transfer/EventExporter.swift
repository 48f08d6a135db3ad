public import Disk
public import EventStorage
import JSON

/// Exports events as CloudEvents 1.0, one JSON object per line, in the order of their positions.
///
/// The form is said at ``CloudEventWriter``; importing it gives the same events, and exporting
/// those gives the same bytes. Recorded times are not exported: they belong to the store.
public struct EventExporter {
    private let store: any EventStore
    private static let bufferSize = 1 << 20

    /// Makes an exporter of a store.
    public init(_ store: any EventStore) {
        self.store = store
    }

    /// Writes the selected events to an open descriptor; blocks until all are written.
    ///
    /// - Parameters:
    ///   - selection: which events.
    ///   - includesSystemStreams: whether Recount's own streams are among them.
    ///   - descriptor: where to; it stays open.
    ///   - name: what messages call the descriptor.
    ///   - progress: is told after each mebibyte how many events have been written.
    /// - Returns: how many events were written.
    /// - Throws: ``ExportError``; `EPIPE` in it says that nobody reads any more.
    public func write(
        _ selection: EventSelection,
        includesSystemStreams: Bool = false,
        to descriptor: Int32,
        name: String = "standard output",
        progress: (Int) -> Void = { _ in }
    ) throws(ExportError) -> Int {
        let output = OutputDescriptor(descriptor, name: name)
        var writer = CloudEventWriter()
        var count = 0
        var failure: DiskError?
        do throws(StorageError) {
            try store.read(selection) { event in
                if !includesSystemStreams, event.isOfSystemStream { return .more }
                writer.append(event)
                count += 1
                guard writer.output.bytes.count >= EventExporter.bufferSize else { return .more }
                failure = output.failure(writing: writer.output.bytes)
                writer.removeAll()
                progress(count)
                return failure == nil ? .more : .stop
            }
        } catch {
            throw .store(error)
        }
        if failure == nil { failure = output.failure(writing: writer.output.bytes) }
        if let failure { throw .output(failure) }
        return count
    }
}

/// Why an export ended early.
public enum ExportError: Error, Hashable, Sendable {
    /// The store failed.
    case store(StorageError)
    /// The output could not be written.
    case output(DiskError)
}

extension OutputDescriptor {
    /// Writes all bytes and returns what went wrong, for callers that cannot throw.
    fileprivate func failure(writing bytes: [UInt8]) -> DiskError? {
        do throws(DiskError) {
            try write(bytes.span)
            return nil
        } catch {
            return error
        }
    }
}
