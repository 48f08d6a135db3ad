import EventModel
import EventStorage

extension IndexFile {
    /// The types and revisions, by name, then revision.
    func census() throws(IndexDamage) -> [TypeCensus] {
        var census: [TypeCensus] = []
        var row = 0
        while row < size(.census) {
            let nameStart = row + 36
            let nameSize = Int(try load(.census, row + 32, as: UInt32.self))
            let count: UInt32 = try load(.census, row + 4)
            guard count <= UInt32(header.coverage.eventCount) else { throw damage }
            census.append(
                TypeCensus(
                    type: EventType(try bytes(.census, nameStart..<nameStart + nameSize).text),
                    revision: try load(.census, row),
                    count: UInt64(count),
                    firstPosition: try position(at: row + 8),
                    lastPosition: try position(at: row + 12),
                    firstTime: Timestamp(microseconds: try load(.census, row + 16)),
                    lastTime: Timestamp(microseconds: try load(.census, row + 24))
                )
            )
            row = nameStart + nameSize
        }
        return census
    }

    private func position(at offset: Int) throws(IndexDamage) -> Position {
        let distance: UInt32 = try load(.census, offset)
        guard distance < UInt32(header.coverage.eventCount) else { throw damage }
        return Position(header.coverage.firstPosition + UInt64(distance))
    }
}
