import EventModel
import EventStorage

extension LogExamination {
    /// Looks at one record whose header is whole.
    mutating func examine(
        _ header: RecordHeader,
        _ checksum: UInt64,
        at offset: Int,
        of file: ExaminedFile,
        address: UInt64,
        _ mark: inout LogMark
    ) {
        let bytes = offset..<offset + header.length
        if let fault = chain.fault(of: header) {
            let isBehind = header.firstPosition > chain.head.next
            let missing =
                isBehind
                ? chain.head.next...Position(header.firstPosition.number - 1) : nil
            note(
                .recordMisplaced,
                file.path,
                bytes: bytes,
                positions: missing,
                "the record of \(header.positions.words) does not follow the one before: \(fault)"
            )
            if isBehind { ledger.noteGap() }
        }
        let isWhole = header.isOfBody(in: file.bytes, at: offset, file: file.checksum)
        if isWhole, examineEvents(of: header, at: offset, of: file, address: address, &mark) {
            chain.take(header, checksum: checksum)
            return
        }
        noteDamage(of: header, at: offset, of: file, isWhole: isWhole)
        chain.take(header, checksum: checksum)
        ledger.noteGap()
        mark.gapCount += 1
    }

    /// Looks at the events of a record whose body is whole.
    ///
    /// - Returns: false where it does not hold the events that it counts.
    private mutating func examineEvents(
        of header: RecordHeader,
        at start: Int,
        of file: ExaminedFile,
        address: UInt64,
        _ mark: inout LogMark
    ) -> Bool {
        let end = start + LogFormat.recordHeaderSize + header.bodySize
        var offset = start + LogFormat.recordHeaderSize
        for place in 0..<header.eventCount {
            let position = Position(header.firstPosition.number + UInt64(place))
            guard
                let slot = try? EventSlot(
                    at: offset,
                    of: file.bytes,
                    end: end,
                    file: file.checksum
                ),
                slot.place == place, slot.distance == offset - start,
                let event = try? EventView(
                    encoded: slot.event,
                    position: position,
                    recordedTime: header.recordedTime
                )
            else { return false }
            let stream = hashes.stream(event.stream)
            if let expected = ledger.take(event.sequence.number, of: stream) {
                note(
                    .sequenceBroken,
                    file.path,
                    bytes: offset..<offset + slot.length,
                    positions: position...position,
                    "stream \(event.streamName) goes on with sequence \(event.sequence) instead of \(expected) at position \(position)"
                )
            }
            let eventAddress = address + UInt64(offset)
            let identity = hashes.identity(event.id)
            mark.add(identity: identity, position: position.number)
            mark.add(stream: stream, sequence: event.sequence.number, address: eventAddress)
            noteIdentity(identity, position: position, address: eventAddress)
            offset += slot.length
        }
        return offset == end
    }

    /// Remembers the identity of an event that no index file covers.
    private mutating func noteIdentity(_ hash: UInt32, position: Position, address: UInt64) {
        guard position.number > indexedCount,
            recentIdentities.count < LogExamination.recentCountMax
        else { return }
        recentIdentities.append(
            RecentIdentity(hash: hash, address: address)
        )
    }

    /// Remembers what is damaged of a record whose header is whole.
    private mutating func noteDamage(
        of header: RecordHeader,
        at offset: Int,
        of file: ExaminedFile,
        isWhole: Bool
    ) {
        let end = offset + LogFormat.recordHeaderSize + header.bodySize
        let record = "the record of \(header.positions.words), bytes \(offset) to \(end),"
        let body = offset + LogFormat.recordHeaderSize
        let events = WholeEvents(in: file, recordAt: offset, end: end)
        guard !isWhole,
            let damage = events.damage(from: body, end: end, count: header.eventCount)
        else {
            note(
                isWhole ? .recordForged : .recordDamaged,
                file.path,
                bytes: offset..<end,
                positions: header.positions,
                "\(record) holds something else than its events"
            )
            return
        }
        let first = header.firstPosition.number + UInt64(damage.places.lowerBound)
        let last = header.firstPosition.number + UInt64(damage.places.upperBound) - 1
        note(
            .recordDamaged,
            file.path,
            bytes: damage.bytes,
            positions: Position(first)...Position(last),
            "\(record) is damaged; \(events.slots.count) of its \(header.eventCount) events are whole"
        )
    }
}

extension RecordHeader {
    /// The positions of its events.
    fileprivate var positions: ClosedRange<Position> { firstPosition...lastPosition }
}
