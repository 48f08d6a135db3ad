import EventModel
import EventStorage

/// Events at consecutive positions that this process has verified and taken apart once, for all who
/// read them.
///
/// Keeps the files mapped that hold them, and 116 bytes for each.
final class VerifiedEvents: Sendable {
    private let files: [LogFile]
    private let events: [Located]
    /// Marks of the events' types, apart from them: who looks for types looks at little else.
    private let types: [TypeMark]

    /// One of the events.
    private struct Located {
        let outline: EventOutline
        /// Where its encoding begins in the log.
        let address: UInt64
    }

    /// Takes in the events from a cursor's next one up to and with a position.
    ///
    /// - Throws: ``StorageError`` where one of them cannot be read.
    init(
        _ cursor: inout EventCursor,
        through last: Position,
        in files: [LogFile]
    ) throws(StorageError) {
        let count = Int(last.number - cursor.position.number + 1)
        var events: [Located] = []
        var types: [TypeMark] = []
        events.reserveCapacity(count)
        types.reserveCapacity(count)
        _ = try cursor.forEachPlaced(through: last) { event, addresses in
            events.append(Located(outline: event.outline, address: addresses.encoded))
            types.append(TypeMark(event.type))
            return .more
        }
        self.files = files
        self.events = events
        self.types = types
    }

    /// The position of the first one.
    var firstPosition: Position? { events.first?.outline.position }

    /// Shows those of wanted types with some positions, which are all among them, until `visit`
    /// says stop.
    ///
    func forEach(
        _ positions: ClosedRange<UInt64>,
        ofTypes wanted: borrowing TypeFilter,
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError) -> ReadControl {
        guard let first = firstPosition?.number else { return .more }
        var rest = Int(positions.lowerBound - first)..<Int(positions.upperBound - first + 1)
        while !rest.isEmpty {
            let place = try LogPlace(events[rest.lowerBound].address, in: files)
            if try show(&rest, ofTypes: wanted, from: place.file, visit) == .stop { return .stop }
        }
        return .more
    }

    /// Shows the first few of some events, as far as they are in a file.
    private func show(
        _ rest: inout Range<Int>,
        ofTypes wanted: borrowing TypeFilter,
        from file: LogFile,
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError) -> ReadControl {
        let bytes = file.bytes
        let start = file.startAddress
        let end = start + UInt64(file.size)
        while !rest.isEmpty {
            let index = rest.lowerBound
            if wanted.mayMatch(types[index]) {
                let address = events[index].address
                guard address < end else { return .more }
                let outline = events[index].outline
                let offset = Int(address - start)
                let encoded = bytes.extracting(offset..<offset + outline.byteCount)
                let event = EventView(outline, of: encoded)
                if wanted.matches(event), visit(event) == .stop { return .stop }
            }
            rest = index + 1..<rest.upperBound
        }
        return .more
    }
}
